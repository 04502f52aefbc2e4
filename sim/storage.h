#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/text.h"
#include "sim/memory_store.h"
#include "store/sqlite_store.h"

namespace pawl::sim {

// Where a simulated server keeps its data, and what is left of it when the server dies.
class Storage {
 public:
  virtual ~Storage() = default;
  virtual std::unique_ptr<store::Store> open() = 0;
  // The server dies now. Called while the store is still open.
  virtual void crash() = 0;
};

class MemoryStorage : public Storage {
 public:
  std::unique_ptr<store::Store> open() override { return std::make_unique<MemoryStore>(disk_); }
  void crash() override {}

 private:
  Disk disk_;
};

// Real files. A crash goes on with a copy of them as they are that moment: closing the store first
// would tidy up what a dead process leaves behind.
class SqliteStorage : public Storage {
 public:
  explicit SqliteStorage(std::string directory) : directory_(std::move(directory)) {}

  std::unique_ptr<store::Store> open() override {
    auto opened = store::open_sqlite_store(path());
    CHECK(opened.has_value());
    return *std::move(opened);
  }
  void crash() override {
    const std::string dead = path();
    ++life_;
    std::filesystem::create_directories(std::filesystem::path(path()).parent_path());
    for (const char* suffix : {"", "-wal"}) {
      std::filesystem::copy_file(dead + suffix, path() + suffix);
    }
  }

 private:
  std::string path() const { return concat(directory_, "/", life_, "/pawl.db"); }

  const std::string directory_;
  int life_ = 0;
};

}  // namespace pawl::sim
