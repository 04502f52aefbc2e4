#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "executors/executor.h"

namespace pawl::executors {

// What an attempt takes of its pool while it runs.
struct Share {
  std::string pool = {};
  double vcpus = 0;
  int64_t memory_mib = 0;
};

Share share_of(const Batch& batch);

// What waits to be started, in the order in which it came, and the room that is taken.
class Pools {
 public:
  void add(Batch batch);
  // The next ones of some pool that fit, at most so many; their room is taken. Nothing where there
  // is no room, or no one who waits.
  std::optional<Batch> take(size_t count_max);
  bool has_next() const;
  bool is_anyone_waiting() const;
  // Whether it has waited; it does not any more.
  bool remove(const Attempt& attempt);
  // No one waits any more.
  void clear();

  void occupy(const Share& share);
  void vacate(const Share& share);

 private:
  struct Room {
    double vcpus = 0, vcpus_taken = 0;
    int64_t memory_mib = 0, memory_mib_taken = 0;
    int64_t attempts = 0;  // that take room
    std::deque<Batch> waiting;

    // How many more of the first batch may run.
    size_t places() const;
  };

  std::map<std::string, Room> rooms_;
};

}  // namespace pawl::executors
