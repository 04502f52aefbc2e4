#pragma once

#include <memory>
#include <string>

#include "sim/faulty_disk.h"
#include "sim/memory_store.h"
#include "sim/sim_random.h"
#include "sim/sqlite_files.h"
#include "store/sqlite_store.h"
#include "world/files.h"

namespace pawl::sim {

// Where a simulated server keeps its data, and what is left of it when the server dies.
class Storage {
 public:
  virtual ~Storage() = default;
  virtual Result<std::unique_ptr<store::Store>> open() = 0;
  // The server dies now, and perhaps the machine under it. Called while the store is still open.
  virtual void crash() = 0;
  // Something will soon go wrong, as chance has it, where there are faults of its own; until it is
  // told to behave.
  virtual void misbehave(SimRandom&) {}
  virtual void behave() {}
  // Nothing goes wrong while it is paused: checkers look through the same store.
  virtual void pause(bool) {}
};

// Checkers are not disturbed.
class Undisturbed {
 public:
  explicit Undisturbed(Storage& storage) : storage_(storage) { storage_.pause(true); }
  ~Undisturbed() { storage_.pause(false); }

 private:
  Storage& storage_;
};

class MemoryStorage : public Storage {
 public:
  Result<std::unique_ptr<store::Store>> open() override {
    return std::unique_ptr<store::Store>(std::make_unique<MemoryStore>(disk_));
  }
  void crash() override {}

 private:
  Disk disk_;
};

// The real store, in files whose disk fails. Each life of the server has a folder of its own: the
// dead one may close its store after its death, which would tidy up what it leaves behind.
class SqliteStorage : public Storage {
 public:
  // Checkpoints come often, so that they happen at all in a short life.
  static constexpr store::CheckpointLimits checkpoints = {.moved_heads_max = 8,
                                                          .journal_rows_max = 16};

  SqliteStorage(std::string directory, uint64_t seed)
      : directory_(std::move(directory)), chance_(seed), disk_(seed) {}
  ~SqliteStorage() override { (void)world::remove_tree(directory_); }

  Result<std::unique_ptr<store::Store>> open() override {
    return store::open_sqlite_store(path(), checkpoints);
  }
  void crash() override { chance_.one_in(2) ? lose_process() : lose_power(); }
  void misbehave(SimRandom& chance) override;
  void behave() override { disk_.fail_no_more(); }
  void pause(bool is_paused) override { disk_.pause(is_paused); }

  // What has been written is there, also what was not synced.
  void lose_process();
  void lose_power();
  FaultyDisk& disk() { return disk_; }

 private:
  std::string folder(int life) const;
  std::string path() const;
  std::string begin_next_life();  // gives the path of the last one

  const std::string directory_;
  SimRandom chance_;
  FaultyDisk disk_;
  FilesOnDisk files_{disk_};
  int life_ = 0;
};

}  // namespace pawl::sim
