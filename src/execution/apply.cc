#include <array>

#include "asl/evaluate.h"
#include "base/check.h"
#include "base/text.h"
#include "execution/fold.h"

namespace pawl::execution {

Fields fields(EventType type) {
  switch (type) {
    case EventType::entered:
    case EventType::paused:
    case EventType::parked:
    case EventType::timer_set:
    case EventType::map_tolerates:
    case EventType::iteration_aborted:
    case EventType::state_aborted:
    case EventType::redriven:
    case EventType::map_run_redriven:
      return {.number = true};
    case EventType::retry_set:
      return {.number = true, .second = true};
    case EventType::task_scheduled:
      return {.number = true, .second = true, .value = true};
    case EventType::map_started:
    case EventType::iteration_started:
    case EventType::window_read:
      return {.number = true, .value = true};
    case EventType::exited:
    case EventType::task_submitted:
    case EventType::task_succeeded:
    case EventType::task_taken:
    case EventType::assigned:
    case EventType::map_batched:
    case EventType::map_run_started:
    case EventType::map_planned:
    case EventType::items_requested:
    case EventType::items_read:
    case EventType::part_written:
    case EventType::role_chosen:
    case EventType::parallel_started:
    case EventType::succeeded:
      return {.value = true};
    case EventType::evaluation_failed:
    case EventType::results_requested:
      return {.value = true, .failure = true};
    case EventType::iteration_failed:
      return {.number = true, .failure = true};
    case EventType::task_failed:
    case EventType::map_run_failed:
    case EventType::failed:
    case EventType::aborted:
      return {.failure = true};
    default:
      return {};
  }
}

namespace {

std::optional<int64_t> seconds_max(const Live& live) {
  const auto own = live.machine.timeout_seconds, given = live.identity.seconds_max;
  if (!own || !given) return own ? own : given;
  return std::min(*own, *given);
}

}  // namespace

bool Fold::run() {
  if (event_.type == EventType::redriven) return frame_.id == root_id && redrive();
  if (live_.status != Status::running) return false;
  if (live_.has_begun == (event_.type == EventType::begun)) return false;
  switch (event_.type) {
    case EventType::begun:
    case EventType::succeeded:
    case EventType::failed:
    case EventType::aborted:
    case EventType::timed_out:
      return frame_.id == root_id && execution();
    case EventType::entered:
    case EventType::exited:
    case EventType::paused:
    case EventType::parked:
    case EventType::timer_set:
    case EventType::timer_fired:
    case EventType::retry_set:
    case EventType::state_aborted:
    case EventType::assigned:
    case EventType::evaluation_failed:
      return states();
    case EventType::task_scheduled:
    case EventType::task_started:
    case EventType::task_submitted:
    case EventType::task_heartbeat:
    case EventType::task_succeeded:
    case EventType::task_failed:
    case EventType::task_timed_out:
    case EventType::task_taken:
    case EventType::role_chosen:
      return is_in<asl::Task>(frame_) && tasks();
    case EventType::iteration_succeeded:
    case EventType::iteration_failed:
    case EventType::iteration_aborted:
      return frame_.is_iteration() && iterations();
    default:
      return children();
  }
}

bool Fold::execution() {
  switch (event_.type) {
    case EventType::begun:
      live_.has_begun = true;
      // The first state follows nothing: that is how the service numbers it.
      number_after(0);
      if (const auto limit = seconds_max(live_)) live_.deadline = timer(*limit);
      return true;
    case EventType::succeeded:
      follow(frame_);
      close(Status::succeeded);
      live_.output = event_.value;
      return true;
    case EventType::failed:
      follow(frame_);
      close(Status::failed);
      return true;
    default:
      // What ends an execution from outside follows no event of it.
      number_after(0);
      close(event_.type == EventType::aborted ? Status::aborted : Status::timed_out);
      return true;
  }
}

bool Fold::redrive() {
  if (!redrive_refusal(live_).empty()) return false;
  live_.status = Status::running;
  live_.output = {};
  live_.error = live_.cause = {};
  if (const auto limit = seconds_max(live_)) live_.deadline = timer(*limit);
  live_.execution_context = live_.execution_context.with("RedriveCount", event_.number)
                                .with("RedriveTime", format_instant(now_));
  follow(frame_);
  live_.take_up(frame_, frame_.last_event);
  return true;
}

bool Fold::enter(const asl::State* state) {
  if (state == nullptr || frame_.is_inside) return false;
  live_.set_waiting(frame_, {});
  frame_.paused_before = nullptr;
  frame_.state = state;
  frame_.is_inside = true;
  frame_.entered = now_;
  frame_.attempts.assign(state->retriers.size(), 0);
  frame_.retry_count = 0;
  frame_.task = 0;
  frame_.role = {};
  frame_.assigned = {};
  frame_.entered_after = frame_.last_event;
  follow(frame_);
  frame_.entered_event = frame_.last_event;
  return true;
}

bool Fold::wait(int64_t delay_us, Purpose purpose) {
  constexpr int64_t delay_us_max = int64_t{1} << 59;  // beyond the year 9999
  if (delay_us < 0 || delay_us > delay_us_max) return false;
  const Timer due{live_.next_effect++, now_ + Duration(delay_us)};
  live_.set_waiting(frame_, OnTimer{due, purpose, now_});
  return true;
}

bool Fold::states() {
  switch (event_.type) {
    case EventType::entered:
      return enter(live_.state_at(*frame_.states, event_.number));
    case EventType::exited:
      if (!frame_.is_inside) return false;
      live_.set_waiting(frame_, {});
      frame_.is_inside = false;
      frame_.input = event_.value;
      follow(frame_);
      return true;
    case EventType::paused:
    case EventType::parked:
      frame_.paused_before = live_.state_at(*frame_.states, event_.number);
      if (frame_.paused_before == nullptr || frame_.is_inside) return false;
      return event_.type == EventType::parked || wait(0, Purpose::pause);
    case EventType::assigned:
      return assign();
    case EventType::evaluation_failed:
      return fail_evaluation();
    case EventType::timer_set:
      return is_in<asl::Wait>(frame_) && wait(event_.number, Purpose::wait);
    case EventType::timer_fired:
      if (frame_.waits<OnTimer>() == nullptr) return false;
      live_.set_waiting(frame_, {});
      return true;
    case EventType::retry_set: {
      const auto retrier = static_cast<size_t>(event_.second);
      if (!frame_.is_inside || retrier >= frame_.attempts.size()) return false;
      ++frame_.attempts[retrier];
      ++frame_.retry_count;
      frame_.task = 0;
      return wait(event_.number, Purpose::retry);
    }
    default: {  // state_aborted
      const Frame* failed = live_.find(static_cast<FrameId>(event_.number));
      if (failed == nullptr) return false;
      number_after(failed->last_event);
      live_.give_up(frame_);
      return true;
    }
  }
}

bool Fold::assign() {
  if (!frame_.is_inside || !event_.value.is_object()) return false;
  frame_.assigned = event_.value;
  frame_.variables = frame_.variables.merged(event_.value.members());
  return true;
}

// The service puts the failure in the place of the state where nothing has happened in it, but a
// Wait has begun to wait.
bool Fold::fail_evaluation() {
  if (!frame_.is_inside || !event_.value.is_string()) return false;
  const bool is_first = frame_.last_event == frame_.entered_event && !is_in<asl::Wait>(frame_);
  frame_.last_event = number_after(is_first ? frame_.entered_after : frame_.last_event);
  return true;
}

bool Fold::schedule_task() {
  if (event_.number > asl::wait_seconds_max || event_.second > asl::wait_seconds_max) return false;
  OnTask task{.id = live_.next_effect++, .input = event_.value, .since = now_};
  frame_.task = task.id;
  if (event_.number >= 0) {
    task.timeout_seconds = event_.number;
    task.timeout = timer(event_.number);
  }
  if (event_.second >= 0) {
    task.heartbeat_seconds = event_.second;
    task.heartbeat = timer(event_.second);
  }
  follow(frame_);
  live_.set_waiting(frame_, std::move(task));
  return true;
}

bool Fold::tasks() {
  if (event_.type == EventType::task_scheduled) return schedule_task();
  if (event_.type == EventType::role_chosen) {
    frame_.role = event_.value;
    return frame_.waits<OnTask>() == nullptr;
  }
  auto* task = frame_.waits<OnTask>();
  if (task == nullptr) return false;
  switch (event_.type) {
    case EventType::task_heartbeat: {
      if (!task->heartbeat) return false;
      OnTask beaten = *task;
      beaten.heartbeat = timer(*beaten.heartbeat_seconds);
      live_.set_waiting(frame_, std::move(beaten));
      return true;
    }
    case EventType::task_taken:
      task->is_handed_over = true;
      [[fallthrough]];
    case EventType::task_started:
      task->is_started = true;
      break;
    case EventType::task_submitted:
      task->is_handed_over = true;
      break;
    default:
      live_.set_waiting(frame_, {});
  }
  follow(frame_);
  return true;
}

bool is_shown(const Live& live, const Event& event) {
  const Frame* within = live.find(event.frame);
  switch (event.type) {
    case EventType::paused:
    case EventType::parked:
    case EventType::timer_set:
    case EventType::timer_fired:
    case EventType::task_heartbeat:
    case EventType::retry_set:
    case EventType::branch_succeeded:
    case EventType::branch_failed:
    case EventType::map_tolerates:
    case EventType::map_batched:
    case EventType::assigned:
    case EventType::role_chosen:
    case EventType::map_planned:
    case EventType::items_requested:
    case EventType::items_read:
    case EventType::results_requested:
    case EventType::window_requested:
    case EventType::window_read:
    case EventType::part_requested:
    case EventType::part_written:
      return false;
    case EventType::state_aborted: {
      // A child that is ended from outside says nothing of the state it was in.
      const Frame* failed = live.find(static_cast<FrameId>(event.number));
      return within != nullptr && failed != nullptr && within->teller == failed->teller &&
             is_in<asl::Task, asl::Wait, asl::Parallel, asl::Map>(*within);
    }
    default:
      return true;
  }
}

FrameId teller_of(const Live& live, const Event& event) {
  const Frame* frame = live.find(event.frame);
  if (frame == nullptr) return root_id;
  const auto* map = event.type == EventType::iteration_started && frame->state != nullptr
                        ? std::get_if<asl::Map>(&frame->state->kind)
                        : nullptr;
  return map != nullptr && map->is_distributed ? live.next_frame() : frame->teller;
}

Result<Stamp> apply(Live& live, const Event& event, Instant now) {
  Frame* frame = live.find(event.frame);
  if (frame != nullptr) {
    Fold fold(live, *frame, event, now);
    if (fold.run()) return fold.stamp();
  }
  return Error(ErrorCode::corrupt, concat("record: event ", static_cast<int>(event.type),
                                          " of frame ", event.frame, " cannot happen here"));
}

}  // namespace pawl::execution
