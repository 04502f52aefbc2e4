#include "executors/local/control_groups.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>

#include "base/text.h"
#include "world/files.h"

namespace pawl::executors {
namespace {

Result<void> write_to(const std::string& path, std::string_view text) {
  const world::FileDescriptor file = TRY(world::open_file(path, O_WRONLY, "cannot write"));
  return world::write_all(file, text, path);
}

Result<void> make_group(const std::string& path) {
  if (::mkdir(path.c_str(), 0755) == 0 || errno == EEXIST) return {};
  return errno_error(concat("cannot make the control group ", path), errno);
}

// Where we are in the tree, "" at its root.
std::string own_place() {
  const auto text = world::read_file("/proc/self/cgroup");
  if (!text) return "";
  for (const std::string_view line : split(*text, '\n')) {
    if (line.starts_with("0::/")) return line == "0::/" ? "" : std::string(line.substr(3));
  }
  return "";
}

// Lets the groups below use the controllers.
Result<void> open_up(const std::string& path, const std::vector<std::string>& controllers) {
  for (const std::string& controller : controllers)
    TRY(write_to(path + "/cgroup.subtree_control", concat("+", controller)));
  return {};
}

std::string weight_of(double vcpus) {
  return concat(std::clamp<int64_t>(std::llround(vcpus * 100), 1, 10'000));
}

}  // namespace

std::optional<ControlGroups> ControlGroups::open(const std::string& name,
                                                 const std::vector<std::string>& controllers,
                                                 const std::string& mount) {
  if (!world::exists(mount + "/cgroup.controllers")) return std::nullopt;
  // A group that has processes of its own cannot pass controllers on, but for the root. So root
  // begins there.
  for (const std::string& place : {std::string(), own_place()}) {
    const std::string path = concat(mount, place, "/", name);
    if (open_up(mount + place, controllers) && make_group(path) && open_up(path, controllers)) {
      // Not every machine has it, and it is no limit.
      (void)open_up(mount + place, {"cpu"}).has_value();
      (void)open_up(path, {"cpu"}).has_value();
      return ControlGroups(path);
    }
  }
  return std::nullopt;
}

ControlGroups::~ControlGroups() {
  if (!path_.empty()) ::rmdir(path_.c_str());
}

Result<world::FileDescriptor> ControlGroups::make(const std::string& name, const Limits& limits) {
  const std::string path = path_of(name);
  TRY(make_group(path));
  if (limits.memory_mib > 0) {
    TRY(write_to(path + "/memory.max", concat(limits.memory_mib << 20)));
    // Memory on a disk is no way round the limit. Where there is none there is no such file.
    (void)write_to(path + "/memory.swap.max", "0").has_value();
    TRY(write_to(path + "/memory.oom.group", "1"));
  }
  (void)write_to(path + "/cpu.weight", weight_of(limits.vcpus)).has_value();
  return world::open_file(path, O_RDONLY | O_DIRECTORY, "cannot open");
}

bool ControlGroups::has(const std::string& name) const {
  return world::is_directory(path_of(name));
}

bool ControlGroups::was_out_of_memory(const std::string& name) const {
  const auto events = world::read_file(path_of(name) + "/memory.events");
  if (!events) return false;
  for (const std::string_view line : split(*events, '\n')) {
    if (line.starts_with("oom_kill ")) return !line.ends_with(" 0");
  }
  return false;
}

void ControlGroups::kill(const std::string& name) const {
  // Before Linux 5.14 there is no such file; they are then found one by one.
  (void)write_to(path_of(name) + "/cgroup.kill", "1").has_value();
}

void ControlGroups::remove(const std::string& name) {
  kill(name);
  leaving_.push_back(name);
  const auto is_gone = [this](const std::string& left) {
    return ::rmdir(path_of(left).c_str()) == 0 || errno == ENOENT;
  };
  std::erase_if(leaving_, is_gone);
}

}  // namespace pawl::executors
