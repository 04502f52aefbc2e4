#include "executors/local/telling.h"

#include <unistd.h>

#include <algorithm>

#include "base/text.h"

namespace pawl::executors {
namespace {

// How much later than it happened a start may be told; and an end, while others wait here whose
// start does not wait for that.
constexpr milliseconds telling_delay(10);

milliseconds delay_of(MessageKind kind) {
  const bool may_wait = kind == MessageKind::started || kind == MessageKind::ended;
  return may_wait ? telling_delay : milliseconds(0);
}

Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

Instant instant_of(int64_t ticks) {
  const auto ago = seconds(1) * (now_ticks() - ticks) / ::sysconf(_SC_CLK_TCK);
  return now() - std::chrono::duration_cast<Duration>(ago);
}

std::string place_of(pid_t pid) { return concat("pid ", pid); }

}  // namespace

void Telling::connect(world::FileDescriptor socket) {
  line_ = MessageLine(std::move(socket));
  is_taken_up_ = false;
  tell_by_.reset();
  has_end_to_tell_ = false;
  append_hello(line_.outgoing());
}

void Telling::refuse(const Attempt& attempt, std::string why) {
  report(
      {.kind = MessageKind::not_started, .attempt = attempt, .at = now(), .text = std::move(why)});
}

void Telling::start_of(const Entry& entry) {
  const Track& track = entry.track;
  const Instant began = instant_of(track.started.from);
  report({.kind = MessageKind::started,
          .attempt = track.attempt,
          // A tick is a hundredth of a second: it may seem to have begun after its end.
          .at = entry.is_running() ? began : std::min(began, track.ended_at),
          .text = place_of(track.pid)});
}

void Telling::state_of(const Entry& entry) {
  const Track& track = entry.track;
  switch (track.phase) {
    case Phase::begun:
      return;
    case Phase::spawned:
      return start_of(entry);
    case Phase::ended:
      return report({.kind = MessageKind::ended,
                     .attempt = track.attempt,
                     .at = track.ended_at,
                     .ending = track.ending});
    case Phase::lost:
      return report({.kind = MessageKind::lost,
                     .attempt = track.attempt,
                     .at = track.ended_at,
                     .text = track.ending.reason});
  }
}

void Telling::report(const Report& report) {
  if (!line_.is_open() || !is_taken_up_) return;
  append_report(line_.outgoing(), report);
  has_end_to_tell_ |= report.kind == MessageKind::ended;
  tell_by_ =
      std::min(tell_by_.value_or(Steady::time_point::max()), Steady::now() + delay_of(report.kind));
}

void Telling::tell(bool is_anyone_waiting) {
  const bool is_pressing = has_end_to_tell_ && !is_anyone_waiting;
  if (tell_by_ && *tell_by_ > Steady::now() && !is_pressing) return;
  tell_by_.reset();
  has_end_to_tell_ = false;
  if (line_.is_open() && !line_.send()) line_.close();
}

}  // namespace pawl::executors
