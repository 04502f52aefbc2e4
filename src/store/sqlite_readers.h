#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/sqlite.h"

namespace pawl::store {

// A few connections for reading, lent to whichever thread asks.
class SqliteReaders {
 public:
  explicit SqliteReaders(std::string path) : path_(std::move(path)) {}

  class Loan {
   public:
    Loan(SqliteReaders& readers, std::unique_ptr<Connection> connection)
        : readers_(&readers), connection_(std::move(connection)) {}
    Loan(Loan&& other) = default;
    ~Loan() {
      if (connection_) readers_->give_back(std::move(connection_));
    }
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    SqliteReaders* readers_;
    std::unique_ptr<Connection> connection_;
  };

  // Waits while all are lent.
  Result<Loan> borrow();

 private:
  static constexpr size_t connections_max = 4;

  void give_back(std::unique_ptr<Connection> connection);

  const std::string path_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  size_t lent_ = 0;
};

}  // namespace pawl::store
