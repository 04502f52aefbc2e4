#include "sim/storage.h"

#include <array>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "world/files.h"

namespace pawl::sim {
namespace {

// The shared memory of the log does not outlive anyone.
constexpr std::array suffixes = {"", "-wal", "-journal"};

}  // namespace

void SqliteStorage::misbehave(SimRandom& chance) {
  constexpr std::array faults = {FaultyDisk::Fault::error, FaultyDisk::Fault::full,
                                 FaultyDisk::Fault::torn};
  disk_.fail_call(1 + chance.below(20), faults[chance.below(faults.size())],
                  chance.one_in(2) ? FaultyDisk::Lasts::one_call : FaultyDisk::Lasts::from_then_on);
}

void SqliteStorage::lose_process() {
  const std::string dead = begin_next_life();
  for (const char* suffix : suffixes) {
    if (world::exists(dead + suffix)) {
      std::filesystem::copy_file(dead + suffix, path() + suffix);
    }
    disk_.moved(dead + suffix, path() + suffix);
  }
}

void SqliteStorage::lose_power() {
  const std::string dead = begin_next_life();
  for (const char* suffix : suffixes) {
    if (const auto contents = disk_.after_power_failure(dead + suffix)) {
      std::ofstream(path() + suffix, std::ios::binary) << *contents;
      disk_.opened(path() + suffix, *contents);
    }
    disk_.removed(dead + suffix);
  }
}

std::string SqliteStorage::folder(int life) const { return concat(directory_, "/", life); }

std::string SqliteStorage::path() const { return folder(life_) + "/pawl.db"; }

std::string SqliteStorage::begin_next_life() {
  std::string dead = path();
  if (life_ > 0) (void)world::remove_tree(folder(life_ - 1));
  ++life_;
  std::filesystem::create_directories(world::parent_directory(path()));
  return dead;
}

}  // namespace pawl::sim
