#include "executors/local/process_watch.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>

#include "executors/local/process_table.h"

namespace pawl::executors {
namespace {

// struct pidfd_info of linux/pidfd.h, which Debian 12's headers do not have: the first version of
// it, which every later kernel takes.
struct PidfdInfo {
  uint64_t mask = 0;
  uint64_t unused[6] = {};
  uint32_t unused_too = 0;
  int32_t exit_code = 0;
};
static_assert(sizeof(PidfdInfo) == 64);

constexpr uint64_t with_exit = 1 << 3;
constexpr unsigned long get_info = _IOWR(0xFF, 11, PidfdInfo);

// What the kernel remembers once the parent has been told.
std::optional<int> remembered_status(const world::FileDescriptor& watched) {
  PidfdInfo info;
  info.mask = with_exit;
  if (::ioctl(watched.number(), get_info, &info) != 0 || !(info.mask & with_exit))
    return std::nullopt;
  return status_of(info.exit_code);
}

bool send_signal(const world::FileDescriptor& watched, int signal) {
  return ::syscall(SYS_pidfd_send_signal, watched.number(), signal, nullptr, 0) == 0;
}

}  // namespace

world::FileDescriptor watch_process(pid_t pid) {
  // Raw, because Debian 12's library has no wrapper. Close-on-exec by definition.
  return world::FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

bool is_reaped(const world::FileDescriptor& watched) {
  return !send_signal(watched, 0) && errno == ESRCH;
}

bool kill_marked(pid_t pid, const AttemptMark& mark) {
  const world::FileDescriptor watched = watch_process(pid);
  const auto now = mark_of(pid);
  return now && now->leader == mark.leader && now->attempt == mark.attempt &&
         send_signal(watched, SIGKILL);
}

std::optional<int> status_of_ended(const world::FileDescriptor& watched, pid_t pid) {
  const auto row = process_row(pid);
  // Not reaped after the look is not reaped at the look.
  if (row && row->is_dead && !is_reaped(watched)) return row->status;
  return remembered_status(watched);
}

}  // namespace pawl::executors
