// The thread that looks after the processes: what they ask, what they say, when they end, and what
// they may not.
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "base/text.h"
#include "functions/processes/host.h"

namespace pawl::functions::processes {
namespace {

// How long a process may be over its memory unseen, while something works.
constexpr auto tick = milliseconds(20);

}  // namespace

void Host::loop() {
  std::array<epoll_event, 64> events;
  for (;;) {
    int wait = 0;
    {
      const std::lock_guard lock(mutex_);
      if (is_over_) return;
      buried_.clear();
      wait = wait_ms();
    }
    const int count = ::epoll_wait(epoll_.number(), events.data(), events.size(), wait);
    in_turn([&] {
      for (int number = 0; number < count; ++number)
        attend(*static_cast<Watched*>(events[number].data.ptr), events[number].events);
      end_due();
      watch_memory();
    });
  }
}

// While calls come one after another it wakes for none of them, only for its ticks.
int Host::wait_ms() {
  const auto now = Steady::now();
  wakes_at_ = dues_.empty() ? Steady::time_point::max() : dues_.begin()->first;
  if (!working_.empty() || has_worked_) wakes_at_ = std::min(wakes_at_, ticked_ + tick);
  if (wakes_at_ == Steady::time_point::max()) return -1;
  const auto wait = std::chrono::ceil<milliseconds>(wakes_at_ - now).count();
  return static_cast<int>(std::clamp<int64_t>(wait, 0, 3'600'000));
}

void Host::wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const auto ignored = ::write(wake_.number(), &one, sizeof one);
}

void Host::set_due(Process& process, Steady::time_point due) {
  dues_.erase({process.due, &process});
  process.due = due;
  dues_.insert({due, &process});
  const auto seen_by = working_.empty() ? due : std::min(due, Steady::now() + 2 * tick);
  if (seen_by < wakes_at_) wake();
}

void Host::watch(int descriptor, Watched& watched, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watched;
  const int failure = ::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, descriptor, &event);
  CHECK(failure == 0);
}

void Host::rewatch(Connection& connection) {
  epoll_event event{};
  event.events = connection.unsent.empty() ? EPOLLIN : EPOLLIN | EPOLLOUT;
  event.data.ptr = static_cast<Watched*>(&connection);
  ::epoll_ctl(epoll_.number(), EPOLL_CTL_MOD, connection.socket.number(), &event);
}

void Host::watch_process(Process& process) {
  watch(process.system.listener.number(), process.door, EPOLLIN);
  watch(process.system.output.number(), process.output, EPOLLIN);
  watch(process.system.ended.number(), process.end, EPOLLIN);
}

void Host::attend(Watched& watched, uint32_t events) {
  switch (watched.kind) {
    case Watched::Kind::wake: {
      uint64_t count = 0;
      [[maybe_unused]] const auto ignored = ::read(wake_.number(), &count, sizeof count);
      return;
    }
    case Watched::Kind::door:
      return open_door(*watched.process);
    case Watched::Kind::connection:
      return attend_connection(static_cast<Connection&>(watched), events);
    case Watched::Kind::output:
      return listen_to(*watched.process);
    case Watched::Kind::end:
      return bury(*watched.process);
  }
}

// At most a few: a runtime keeps one, and begins another where it has lost it.
void Host::open_door(Process& process) {
  constexpr size_t connections_max = 16;
  if (!process.system.listener.is_open()) return;
  world::FileDescriptor socket(
      ::accept4(process.system.listener.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket.is_open() || process.connections.size() >= connections_max) return;
  Connection& connection = process.connections.emplace_back(&process, std::move(socket));
  watch(connection.socket.number(), connection, EPOLLIN);
}

void Host::attend_connection(Connection& connection, uint32_t events) {
  if (!connection.socket.is_open()) return;
  if (!connection.flush()) return drop(connection);
  if (events & EPOLLOUT) rewatch(connection);
  char chunk[64 << 10];
  const ssize_t count = ::recv(connection.socket.number(), chunk, sizeof chunk, MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) return drop(connection);
  connection.messages.add(std::string_view(chunk, count));
  while (const auto request = connection.messages.next()) {
    answer(*connection.process, connection, *request);
    if (connection.messages.is_last()) break;
  }
  if (connection.messages.wants_continue()) connection.send("HTTP/1.1 100 Continue\r\n\r\n");
  if (connection.messages.is_broken()) return drop(connection);
  if (!connection.unsent.empty()) rewatch(connection);
}

// Who waits for an event and hangs up is not idle any more, but may come again.
void Host::drop(Connection& connection) {
  Process& process = *connection.process;
  const bool has_given_up = connection.waits_for_event && process.state == Process::State::idle;
  process.connections.remove_if([&](const Connection& each) { return &each == &connection; });
  if (!has_given_up) return;
  Fleet& fleet = fleets_.find(process.definition->name)->second;
  std::erase(fleet.idle, &process);
  process.state = Process::State::settling;
  ++fleet.settling;
}

void Host::listen_to(Process& process) {
  if (!process.system.output.is_open()) return;
  Fleet& fleet = fleets_.find(process.definition->name)->second;
  if (!process.hear(fleet.log))
    ::epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, process.system.output.number(), nullptr);
}

void Host::end_due() {
  const auto now = Steady::now();
  while (!dues_.empty() && dues_.begin()->first <= now) {
    Process& process = *dues_.begin()->second;
    switch (process.state) {
      case Process::State::starting:
        end(process, SIGKILL, never_ready(process));
        break;
      case Process::State::busy:
        end(process, SIGKILL, timed_out(process));
        break;
      case Process::State::idle:
      case Process::State::settling:
        end(process, SIGTERM, std::nullopt);
        break;
      case Process::State::ending:
        process.system.family.signal(SIGKILL);
        set_due(process, now + settings_.grace);
        break;
    }
  }
}

void Host::measure(Process& process) {
  process.measured = Steady::now();
  process.note_memory(process.system.family.memory_bytes());
}

void Host::watch_memory() {
  const auto now = Steady::now();
  if (now < ticked_ + tick) return;
  ticked_ = now;
  has_worked_ = !working_.empty();
  const auto working = std::vector<Process*>(working_.begin(), working_.end());
  for (Process* process : working) {
    measure(*process);
    const auto limit = static_cast<uint64_t>(process->definition->memory_mb) << 20;
    if (process->memory_bytes_max > limit) end(*process, SIGKILL, out_of_memory(*process));
  }
  for (auto& [name, fleet] : fleets_) {
    fleet.log.flush();
    // Those that have answered may still be busy with something else: nobody shall wait for them.
    if (fleet.definition && !is_draining_ &&
        static_cast<size_t>(fleet.starting) < fleet.waiting.size())
      start_one(name, fleet);
  }
}

}  // namespace pawl::functions::processes
