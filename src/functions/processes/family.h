#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pawl::functions::processes {

// The control groups (cgroup v2) below which processes of functions run, where this system lets us
// make some.
class ControlGroups {
 public:
  // Ends what an earlier server of the same directory has left in its groups.
  explicit ControlGroups(std::string_view directory);
  ~ControlGroups();
  ControlGroups(const ControlGroups&) = delete;

  // A new group with that limit of memory, where the controller is there; empty where none can be
  // made.
  std::string make(std::string_view name, uint64_t memory_bytes_max) const;

 private:
  std::string own_, root_;  // empty: there is no hierarchy of version 2
};

// A process of a function and all that it has begun: whoever is in its control group; without one
// whoever is in its session, or has the same mark in its environment.
class Family {
 public:
  Family() = default;
  // `mark` is a whole "NAME=value" of the environment that no other family has.
  Family(pid_t leader, std::string mark, std::string control_group)
      : leader_(leader), mark_(std::move(mark)), control_group_(std::move(control_group)) {}

  pid_t leader() const { return leader_; }
  // To the leader's process group.
  void signal(int number) const;
  // Kills everyone, until nobody is left but the leader, which the caller reaps.
  void end() const;
  // What all of them have in memory together. Of pages that they share, each has its part.
  uint64_t memory_bytes() const;
  // Whether the kernel has killed someone for the limit of the control group.
  bool is_out_of_memory() const;

 private:
  std::vector<pid_t> members() const;
  std::vector<pid_t> descendants() const;

  pid_t leader_ = 0;
  std::string mark_, control_group_;
};

// Kills every process whose environment has that "NAME=value", and waits until none is left.
void end_marked(std::string_view mark);

}  // namespace pawl::functions::processes
