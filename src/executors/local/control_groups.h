#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "world/file_descriptor.h"

namespace pawl::executors {

// Control groups (cgroup v2), one for each attempt that has a limit of memory: the kernel holds it
// to that limit, and ends all its processes at once. They can be made by root, and by an account
// to which a part of the tree was delegated.
class ControlGroups {
 public:
  struct Limits {
    int64_t memory_mib = 0;  // 0: none
    double vcpus = 1;        // a weight: who has twice as many gets twice as much, when it is short
  };

  // Nothing where we may not make any with these controllers. `name` is that of the group above
  // all of ours.
  static std::optional<ControlGroups> open(const std::string& name,
                                           const std::vector<std::string>& controllers = {"memory"},
                                           const std::string& mount = "/sys/fs/cgroup");

  // The group above ours goes with the last of them.
  ~ControlGroups();
  ControlGroups(ControlGroups&&) = default;

  // A group without processes: its directory.
  Result<world::FileDescriptor> make(const std::string& name, const Limits& limits);
  bool has(const std::string& name) const;
  // Whether the kernel has killed a process of it for its memory.
  bool was_out_of_memory(const std::string& name) const;
  void kill(const std::string& name) const;
  // Kills what is left of it, and removes it: at once, or else in a later call.
  void remove(const std::string& name);

 private:
  explicit ControlGroups(std::string path) : path_(std::move(path)) {}
  std::string path_of(const std::string& name) const { return path_ + "/" + name; }

  std::string path_;                  // empty where it has moved
  std::vector<std::string> leaving_;  // their last processes are still ending
};

}  // namespace pawl::executors
