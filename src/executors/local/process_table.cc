#include "executors/local/process_table.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>

#include "base/text.h"
#include "executors/local/attempt_name.h"
#include "world/files.h"

namespace pawl::executors {
namespace {

// The kernel lets a program have less than that.
constexpr size_t environment_bytes_max = 8 << 20;

// The fields of /proc/<pid>/stat behind the name, which may hold anything, counted as proc(5) does:
// the state is the third.
enum Field : size_t {
  state = 3,
  parent,
  group,
  session,
  started = 22,
  resident_pages = 24,
  wait_status = 52
};

int64_t field(const std::vector<std::string_view>& fields, Field which) {
  return parse_integer(trim(fields[which - Field::state])).value_or(0);
}

// Small and read often: one read into a buffer of ours.
std::optional<std::string> short_file(const std::string& path) {
  const world::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char buffer[4096];
  const ssize_t count = file.is_open() ? ::read(file.number(), buffer, sizeof buffer) : -1;
  if (count < 0) return std::nullopt;
  return std::string(buffer, count);
}

}  // namespace

int64_t now_ticks() {
  static const int64_t nanoseconds_in_tick = 1'000'000'000 / ::sysconf(_SC_CLK_TCK);
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return (now.tv_sec * 1'000'000'000 + now.tv_nsec) / nanoseconds_in_tick;
}

int status_of(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

std::optional<ProcessRow> process_row(pid_t pid) {
  static const uint64_t page_bytes = ::sysconf(_SC_PAGESIZE);
  const auto text = short_file(concat("/proc/", pid, "/stat"));
  const size_t name_end = text ? text->rfind(')') : std::string::npos;
  if (name_end == std::string::npos || name_end + 2 > text->size()) return std::nullopt;
  const auto fields = split(std::string_view(*text).substr(name_end + 2), ' ');
  if (fields.size() <= Field::wait_status - Field::state) return std::nullopt;
  ProcessRow row{.pid = pid};
  row.is_dead = fields[0] == "Z" || fields[0] == "X";
  row.is_stopped = fields[0] == "T";
  row.parent = static_cast<pid_t>(field(fields, Field::parent));
  row.group = static_cast<pid_t>(field(fields, Field::group));
  row.session = static_cast<pid_t>(field(fields, Field::session));
  row.started_ticks = field(fields, Field::started);
  if (row.is_dead) row.status = status_of(static_cast<int>(field(fields, Field::wait_status)));
  row.resident_bytes = field(fields, Field::resident_pages) * page_bytes;
  return row;
}

Result<std::vector<ProcessRow>> all_processes() {
  std::vector<ProcessRow> rows;
  const std::unique_ptr<DIR, int (*)(DIR*)> proc(::opendir("/proc"), ::closedir);
  if (!proc) return errno_error("cannot read /proc", errno);
  while (const dirent* entry = ::readdir(proc.get())) {
    const auto pid = parse_integer(entry->d_name);
    if (!pid) continue;
    if (auto row = process_row(static_cast<pid_t>(*pid))) rows.push_back(*row);
  }
  const auto is_ours = [](const ProcessRow& row) { return row.pid == ::getpid(); };
  if (std::ranges::any_of(rows, is_ours)) return rows;
  return Error(ErrorCode::failed, "/proc does not show the processes of this machine");
}

std::vector<pid_t> own_children() {
  // Asked at every end of an attempt: it stays open.
  static const world::FileDescriptor file(
      ::open(concat("/proc/self/task/", ::getpid(), "/children").c_str(), O_RDONLY | O_CLOEXEC));
  std::vector<pid_t> children;
  std::string text;
  char chunk[4096];
  for (ssize_t count = 0; (count = ::pread(file.number(), chunk, sizeof chunk, text.size())) > 0;)
    text.append(chunk, count);
  for (const std::string_view word : split(text, ' ')) {
    if (const auto pid = parse_integer(word)) children.push_back(static_cast<pid_t>(*pid));
  }
  return children;
}

uint64_t proportional_bytes(pid_t pid) {
  constexpr std::string_view line = "\nPss:";
  const auto text = short_file(concat("/proc/", pid, "/smaps_rollup"));
  const size_t begin = text ? text->find(line) : std::string::npos;
  return begin == std::string::npos
             ? 0
             : std::strtoull(&(*text)[begin + line.size()], nullptr, 10) << 10;
}

std::string to_variable(const AttemptMark& mark) {
  std::string leader = concat(mark.leader);
  leader.insert(0, mark_leader_digits - leader.size(), '0');
  return concat(mark_name, leader, " ", to_name(mark.attempt), " ", mark.directory);
}

std::optional<AttemptMark> mark_of(pid_t pid) {
  const auto text = world::read_file(concat("/proc/", pid, "/environ"), environment_bytes_max);
  if (!text) return std::nullopt;
  for (std::string_view variable : split(*text, '\0')) {
    if (!variable.starts_with(mark_name)) continue;
    variable.remove_prefix(mark_name.size());
    const size_t first = variable.find(' '), second = variable.find(' ', first + 1);
    if (first == variable.npos || second == variable.npos) return std::nullopt;
    const auto leader = parse_integer(variable.substr(0, first));
    const auto attempt = parse_name(variable.substr(first + 1, second - first - 1));
    if (!leader || !attempt) return std::nullopt;
    return AttemptMark{static_cast<pid_t>(*leader), *attempt,
                       std::string(variable.substr(second + 1))};
  }
  return std::nullopt;
}

std::vector<MarkedProcess> marked_processes(const std::vector<ProcessRow>& rows,
                                            const std::string& directory) {
  std::vector<MarkedProcess> marked;
  for (const ProcessRow& row : rows) {
    // A server that an attempt has started has the mark, too.
    if (row.is_dead || row.pid == ::getpid()) continue;
    if (auto mark = mark_of(row.pid); mark && mark->directory == directory)
      marked.push_back({row, std::move(*mark)});
  }
  return marked;
}

}  // namespace pawl::executors
