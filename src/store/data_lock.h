#pragma once

#include <string>

#include "base/result.h"

namespace pawl::store {

// Who owns a data file: a lock of the operating system on a file beside it, which ends with the
// process however it dies. Not on the data file itself: SQLite's own locks there are lost when
// anyone in the process closes it.
class DataLock {
 public:
  // Error: conflict, naming the holder.
  static Result<DataLock> take(const std::string& data_path);

  DataLock(DataLock&& other) noexcept;
  ~DataLock();

 private:
  explicit DataLock(int file) : file_(file) {}

  int file_;
};

}  // namespace pawl::store
