#include "functions/processes/family.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <csignal>
#include <functional>
#include <thread>

#include "base/hash.h"
#include "base/text.h"
#include "base/time.h"
#include "world/files.h"

namespace pawl::functions::processes {
namespace {

// Of a file of the kernel's, which may be gone by now; empty then.
std::string content(const std::string& path) {
  const auto text = world::read_file(path, 4 << 20);
  return text ? *text : std::string();
}

bool tell(const std::string& path, std::string_view text) {
  const auto file = world::open_file(path, O_WRONLY, "cannot open");
  return file &&
         ::write(file->number(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

std::vector<pid_t> numbers_in(std::string_view text) {
  std::vector<pid_t> numbers;
  for (const std::string_view line : split(text, '\n'))
    for (const std::string_view word : split(line, ' '))
      if (const auto number = parse_integer(word)) numbers.push_back(static_cast<pid_t>(*number));
  return numbers;
}

bool has_mark(pid_t process, std::string_view mark) {
  const std::string environment = content(concat("/proc/", process, "/environ"));
  for (const std::string_view word : split(environment, '\0'))
    if (word == mark) return true;
  return false;
}

struct Status {
  char state = 'Z';
  pid_t session = 0;
};

// Of /proc/N/stat: "N (name) state parent group session …"; the name may hold anything.
Status status_of(pid_t process) {
  const std::string text = content(concat("/proc/", process, "/stat"));
  const size_t end = text.rfind(')');
  if (end == text.npos) return {};
  const auto words = split(std::string_view(text).substr(end + 2), ' ');
  if (words.size() < 4) return {};
  return {words[0].empty() ? 'Z' : words[0][0],
          static_cast<pid_t>(parse_integer(words[3]).value_or(0))};
}

std::vector<pid_t> living(const std::function<bool(pid_t, const Status&)>& is_meant) {
  std::vector<pid_t> found;
  const auto entries = world::list_directory("/proc");
  if (!entries) return found;
  for (const std::string& entry : *entries) {
    const auto number = parse_integer(entry);
    if (!number) continue;
    const auto process = static_cast<pid_t>(*number);
    const Status status = status_of(process);
    if (status.state != 'Z' && status.state != 'X' && is_meant(process, status))
      found.push_back(process);
  }
  return found;
}

// Until nobody is left: who is killed may just have begun another.
void kill_until_none(const std::function<std::vector<pid_t>()>& find) {
  constexpr auto pause = milliseconds(1);
  constexpr int turns_max = 10'000;  // who sleeps in the kernel for that long is left to it
  for (int turn = 0; turn < turns_max; ++turn) {
    const auto found = find();
    if (found.empty()) return;
    for (const pid_t process : found) ::kill(process, SIGKILL);
    std::this_thread::sleep_for(pause);
  }
}

void end_group(const std::string& group) {
  tell(group + "/cgroup.kill", "1");
  kill_until_none([&] { return numbers_in(content(group + "/cgroup.procs")); });
  ::rmdir(group.c_str());
}

// Where the hierarchy of version 2 is mounted, and we in it; empty where it is not.
std::string own_group() {
  std::string place;
  const std::string mounts = content("/proc/self/mounts"), groups = content("/proc/self/cgroup");
  for (const std::string_view line : split(mounts, '\n')) {
    const auto words = split(line, ' ');
    if (words.size() > 2 && words[2] == "cgroup2") place = words[1];
  }
  for (const std::string_view line : split(groups, '\n'))
    if (!place.empty() && line.starts_with("0::/")) return concat(place, line.substr(3));
  return {};
}

uint64_t resident_bytes(pid_t process) {
  const auto words = numbers_in(content(concat("/proc/", process, "/statm")));
  return words.size() < 2 ? 0 : static_cast<uint64_t>(words[1]) * ::sysconf(_SC_PAGESIZE);
}

uint64_t proportional_bytes(pid_t process) {
  const std::string rollup = content(concat("/proc/", process, "/smaps_rollup"));
  const size_t at = rollup.find("\nPss:");
  if (at == rollup.npos) return resident_bytes(process);
  const std::string_view rest = trim(std::string_view(rollup).substr(at + 5));
  return static_cast<uint64_t>(parse_integer(rest.substr(0, rest.find(' '))).value_or(0)) << 10;
}

}  // namespace

ControlGroups::ControlGroups(std::string_view directory) {
  const std::string own = own_group();
  if (own.empty()) return;
  const std::string root = concat(own, own.ends_with('/') ? "" : "/", "pawl-functions-",
                                  sha256(directory).substr(0, 12));
  if (const auto left = world::list_directory(root)) {
    for (const std::string& name : *left)
      if (world::is_directory(concat(root, "/", name))) end_group(concat(root, "/", name));
  }
  ::rmdir(root.c_str());
  own_ = own;
  root_ = root;
}

ControlGroups::~ControlGroups() {
  if (!root_.empty()) ::rmdir(root_.c_str());
}

std::string ControlGroups::make(std::string_view name, uint64_t memory_bytes_max) const {
  if (root_.empty()) return {};
  // Only now, so that a server without processes leaves nothing behind where it is killed.
  if (::mkdir(root_.c_str(), 0755) == 0) {
    // Without it a group still knows who belongs to it, and memory is watched by us.
    tell(own_ + "/cgroup.subtree_control", "+memory");
    tell(root_ + "/cgroup.subtree_control", "+memory");
  }
  std::string group = concat(root_, "/", name);
  if (::mkdir(group.c_str(), 0755) != 0) return {};
  if (tell(group + "/memory.max", concat(memory_bytes_max))) {
    tell(group + "/memory.swap.max", "0");
    tell(group + "/memory.oom.group", "1");
  }
  return group;
}

void Family::signal(int number) const { ::kill(-leader_, number); }

std::vector<pid_t> Family::members() const {
  return living([&](pid_t process, const Status& status) {
    return status.session == leader_ || has_mark(process, mark_);
  });
}

// Cheaper than to look at all processes of the machine, and enough to see what they need.
std::vector<pid_t> Family::descendants() const {
  if (!control_group_.empty()) return numbers_in(content(control_group_ + "/cgroup.procs"));
  std::vector<pid_t> found{leader_};
  for (size_t next = 0; next < found.size(); ++next) {
    const std::string tasks = concat("/proc/", found[next], "/task");
    const auto threads = world::list_directory(tasks);
    if (!threads) continue;
    for (const std::string& thread : *threads)
      for (const pid_t child : numbers_in(content(concat(tasks, "/", thread, "/children"))))
        found.push_back(child);
  }
  return found;
}

void Family::end() const {
  ::kill(-leader_, SIGKILL);
  if (!control_group_.empty()) return end_group(control_group_);
  kill_until_none([this] { return members(); });
}

uint64_t Family::memory_bytes() const {
  const auto all = descendants();
  uint64_t bytes = 0;
  if (all.size() == 1) return resident_bytes(all.front());
  for (const pid_t process : all) bytes += proportional_bytes(process);
  return bytes;
}

bool Family::is_out_of_memory() const {
  if (control_group_.empty()) return false;
  for (const std::string_view line : split(content(control_group_ + "/memory.events"), '\n'))
    if (line.starts_with("oom_kill ") && line != "oom_kill 0") return true;
  return false;
}

void end_marked(std::string_view mark) {
  kill_until_none([&] {
    return living([&](pid_t process, const Status&) { return has_mark(process, mark); });
  });
}

}  // namespace pawl::functions::processes
