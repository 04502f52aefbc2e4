#include "store/sqlite_readers.h"

namespace pawl::store {

Result<SqliteReaders::Loan> SqliteReaders::borrow() {
  if (reading_ == std::this_thread::get_id()) return borrow_own();
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
    auto opened = open();
    if (!opened.has_value()) {
      give_back(nullptr);
      return std::move(opened).error();
    }
    connection = *std::move(opened);
  }
  return Loan(this, connection.release());
}

Result<std::unique_ptr<Connection>> SqliteReaders::open() const {
  return Connection::open(path_, Connection::Mode::read_only);
}

Result<SqliteReaders::Loan> SqliteReaders::borrow_own() {
  if (!own_) own_ = TRY(open());
  if (!has_begun_) {
    Statement begin = TRY(own_->statement("BEGIN"));
    TRY(begin.run());
    has_begun_ = true;
  }
  return Loan(nullptr, own_.get());
}

void SqliteReaders::end_reading() {
  reading_ = std::thread::id();
  if (!std::exchange(has_begun_, false)) return;
  const auto end = [this]() -> Result<void> { return TRY(own_->statement("COMMIT")).run(); };
  // One that has failed in between has ended it already, or would go on to see what was true then.
  if (!end().has_value()) own_ = nullptr;
}

void SqliteReaders::give_back(std::unique_ptr<Connection> connection) {
  std::lock_guard lock(mutex_);
  --lent_;
  if (connection) idle_.push_back(std::move(connection));
  returned_.notify_one();
}

}  // namespace pawl::store
