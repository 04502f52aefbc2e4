#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "store/sqlite.h"

namespace pawl::store {

// A few connections for reading, lent to whichever thread asks.
class SqliteReaders {
 public:
  explicit SqliteReaders(std::string path) : path_(std::move(path)) {}

  class Loan {
   public:
    // Of those that are lent, or of the one thread that has one for itself (then `to` is null).
    Loan(SqliteReaders* to, Connection* connection) : to_(to), connection_(connection) {}
    Loan(Loan&& other) noexcept
        : to_(other.to_), connection_(std::exchange(other.connection_, nullptr)) {}
    ~Loan() {
      if (to_ != nullptr && connection_ != nullptr)
        to_->give_back(std::unique_ptr<Connection>(connection_));
    }
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_; }

   private:
    SqliteReaders* to_;
    Connection* connection_;
  };

  // Waits while all are lent.
  Result<Loan> borrow();

  // What the thread borrows in between is one connection in one transaction, which begins with the
  // first reading: its locks are taken once, and what it has read stays in its memory. One thread
  // at a time.
  void begin_reading() { reading_ = std::this_thread::get_id(); }
  void end_reading();

 private:
  static constexpr size_t connections_max = 4;

  Result<std::unique_ptr<Connection>> open() const;
  Result<Loan> borrow_own();
  void give_back(std::unique_ptr<Connection> connection);

  const std::string path_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  size_t lent_ = 0;
  std::atomic<std::thread::id> reading_ = {};
  std::unique_ptr<Connection> own_;  // of that thread
  bool has_begun_ = false;           // its transaction
};

}  // namespace pawl::store
