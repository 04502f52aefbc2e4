#include "store/sqlite_readers.h"

namespace pawl::store {

Result<SqliteReaders::Loan> SqliteReaders::borrow() {
  std::unique_ptr<Connection> connection;
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return lent_ < connections_max; });
    ++lent_;
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!connection) {
    auto opened = Connection::open(path_, Connection::Mode::read_only);
    if (!opened.has_value()) {
      give_back(nullptr);
      return std::move(opened).error();
    }
    connection = *std::move(opened);
  }
  return Loan(*this, std::move(connection));
}

void SqliteReaders::give_back(std::unique_ptr<Connection> connection) {
  std::lock_guard lock(mutex_);
  --lent_;
  if (connection) idle_.push_back(std::move(connection));
  returned_.notify_one();
}

}  // namespace pawl::store
