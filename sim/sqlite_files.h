#pragma once

#include "sim/faulty_disk.h"

namespace pawl::sim {

// While it lives, the files that SQLite opens in this process are on the disk, which must outlive
// it: real files below, whose every call is told to the disk or failed by it. Locks and the shared
// memory of the write-ahead log are the real ones. One at a time.
class FilesOnDisk {
 public:
  explicit FilesOnDisk(FaultyDisk& disk);
  ~FilesOnDisk();
  FilesOnDisk(const FilesOnDisk&) = delete;
  FilesOnDisk& operator=(const FilesOnDisk&) = delete;
};

}  // namespace pawl::sim
