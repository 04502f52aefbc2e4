#include <array>

#include "asl/evaluate.h"
#include "base/check.h"
#include "base/text.h"
#include "execution/event.h"

namespace pawl::execution {

Fields fields(EventType type) {
  switch (type) {
    case EventType::entered:
    case EventType::paused:
    case EventType::timer_set:
    case EventType::map_tolerates:
    case EventType::iteration_aborted:
    case EventType::state_aborted:
      return {.number = true};
    case EventType::retry_set:
      return {.number = true, .second = true};
    case EventType::task_scheduled:
      return {.number = true, .second = true, .value = true};
    case EventType::map_started:
    case EventType::iteration_started:
      return {.number = true, .value = true};
    case EventType::exited:
    case EventType::task_submitted:
    case EventType::task_succeeded:
    case EventType::task_taken:
    case EventType::assigned:
    case EventType::map_batched:
    case EventType::map_run_started:
    case EventType::role_chosen:
    case EventType::parallel_started:
    case EventType::succeeded:
      return {.value = true};
    case EventType::evaluation_failed:
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

template <typename... Kinds>
bool is_in(const Frame& frame) {
  return frame.is_inside && (std::holds_alternative<Kinds>(frame.state->kind) || ...);
}

// One event being applied. Each function answers whether the event can happen in this state, and
// has checked that before it changes anything.
std::optional<int64_t> seconds_max(const Live& live) {
  const auto own = live.machine.timeout_seconds, given = live.identity.seconds_max;
  if (!own || !given) return own ? own : given;
  return std::min(*own, *given);
}

class Fold {
 public:
  Fold(Live& live, Frame& frame, const Event& event, Instant now)
      : live_(live), frame_(frame), event_(event), now_(now) {}

  bool run();
  // Where the event stands in the history.
  Stamp stamp() const { return stamp_; }

 private:
  bool execution();
  bool states();
  bool tasks();
  bool children();
  bool iterations();

  bool enter(const asl::State* state);
  bool assign();
  bool fail_evaluation();
  bool schedule_task();
  bool start_children();
  bool start_iteration();
  bool batch();
  bool run_map();
  bool end_iteration(const json::Value& result);
  bool wait(int64_t delay_us, Purpose purpose);

  // Takes a number in the history, after the frame's last event, which it then is.
  void follow(Frame& frame) { frame.last_event = number_after(frame.last_event); }
  int64_t number_after(int64_t previous) {
    if (!is_shown(live_, event_)) return previous;
    stamp_ = {live_.next_event++, previous};
    return stamp_.id;
  }
  Timer timer(int64_t seconds_from_now) {
    return {live_.next_effect++, now_ + seconds(seconds_from_now)};
  }
  void close(Status status) {
    live_.set_waiting(live_.root(), {});
    live_.deadline.reset();
    live_.status = status;
    live_.error = event_.error;
    live_.cause = event_.cause;
  }

  Live& live_;
  Frame& frame_;
  const Event& event_;
  const Instant now_;
  Stamp stamp_;
};

bool Fold::run() {
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
      frame_.paused_before = live_.state_at(*frame_.states, event_.number);
      return frame_.paused_before != nullptr && !frame_.is_inside && wait(0, Purpose::pause);
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
      live_.set_waiting(frame_, {});
      return true;
    }
  }
}

bool Fold::assign() {
  if (!frame_.is_inside || !event_.value.is_object()) return false;
  frame_.assigned = event_.value;
  for (const auto& [name, value] : event_.value.members())
    frame_.variables = frame_.variables.with(name, value);
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

bool Fold::start_children() {
  OnChildren waiting;
  if (std::holds_alternative<asl::Map>(frame_.state->kind)) {
    if (event_.type != EventType::map_started || !event_.value.is_array()) return false;
    waiting.items = event_.value;
    waiting.concurrency_max = event_.number;
    waiting.results.resize(event_.value.size());
    follow(frame_);
    waiting.spawned_after = frame_.last_event;
    live_.set_waiting(frame_, std::move(waiting));
    return true;
  }
  if (event_.type != EventType::parallel_started) return false;
  const auto& branches = std::get<asl::Parallel>(frame_.state->kind).branches;
  waiting.results.resize(branches.size());
  follow(frame_);
  live_.set_waiting(frame_, std::move(waiting));
  for (size_t index = 0; index < branches.size(); ++index) {
    Frame& branch = live_.add_child(frame_, static_cast<int64_t>(index), branches[index]);
    branch.input = event_.value;
    branch.last_event = frame_.last_event;
  }
  return true;
}

bool Fold::start_iteration() {
  auto* waiting = frame_.waits<OnChildren>();
  if (!is_in<asl::Map>(frame_) || waiting == nullptr || event_.number != waiting->next_index ||
      event_.number >= static_cast<int64_t>(waiting->results.size()))
    return false;
  ++waiting->next_index;
  Frame& iteration =
      live_.add_child(frame_, event_.number, std::get<asl::Map>(frame_.state->kind).processor);
  iteration.input = event_.value;
  iteration.last_event = number_after(waiting->spawned_after);
  return true;
}

// Before the first iteration: other items take the place of those that were found.
bool Fold::batch() {
  auto* waiting = frame_.waits<OnChildren>();
  if (!is_in<asl::Map>(frame_) || waiting == nullptr || waiting->next_index != 0 ||
      !event_.value.is_array())
    return false;
  waiting->items = event_.value;
  waiting->results.assign(event_.value.size(), {});
  return true;
}

bool Fold::run_map() {
  auto* waiting = frame_.waits<OnChildren>();
  if (!is_in<asl::Map>(frame_) || waiting == nullptr) return false;
  follow(frame_);
  waiting->spawned_after = frame_.last_event;
  return true;
}

bool Fold::children() {
  Frame* parent = frame_.parent;
  switch (event_.type) {
    case EventType::parallel_started:
    case EventType::map_started:
      return is_in<asl::Parallel, asl::Map>(frame_) && start_children();
    case EventType::iteration_started:
      return start_iteration();
    case EventType::map_batched:
      return batch();
    case EventType::map_run_started:
    case EventType::map_run_succeeded:
    case EventType::map_run_failed:
      return run_map();
    case EventType::map_tolerates:
      if (!is_in<asl::Map>(frame_) || frame_.waits<OnChildren>() == nullptr) return false;
      frame_.waits<OnChildren>()->failures_max = event_.number;
      return true;
    case EventType::branch_succeeded:
      if (parent == nullptr || frame_.is_inside) return false;
      parent->waits<OnChildren>()->results[static_cast<size_t>(frame_.index)] = frame_.input;
      parent->last_event = frame_.last_event;
      live_.drop(frame_.id);
      return true;
    case EventType::branch_failed:
      if (parent == nullptr) return false;
      parent->last_event = frame_.last_event;
      return true;
    case EventType::children_succeeded:
      if (!is_in<asl::Parallel, asl::Map>(frame_)) return false;
      number_after(frame_.last_event);  // what follows stands beside it, not behind it
      live_.set_waiting(frame_, {});
      return true;
    default:  // children_failed
      if (!is_in<asl::Parallel, asl::Map>(frame_)) return false;
      follow(frame_);
      live_.set_waiting(frame_, {});
      return true;
  }
}

// The iteration's own last event, not the one that says it is over, is what the next one follows.
bool Fold::end_iteration(const json::Value& result) {
  Frame& map = *frame_.parent;
  auto& waiting = *map.waits<OnChildren>();
  waiting.results[static_cast<size_t>(frame_.index)] = result;
  waiting.spawned_after = frame_.last_event;
  map.last_event = number_after(frame_.last_event);
  live_.drop(frame_.id);
  return true;
}

bool Fold::iterations() {
  switch (event_.type) {
    case EventType::iteration_succeeded:
      return !frame_.is_inside && end_iteration(frame_.input);
    case EventType::iteration_aborted: {
      const Frame* failed = live_.find(static_cast<FrameId>(event_.number));
      if (failed == nullptr) return false;
      number_after(failed->last_event);
      return true;
    }
    default: {  // iteration_failed
      ++frame_.parent->waits<OnChildren>()->failures;
      if (event_.number == 1)
        return end_iteration(
            json::Value::object({{"Error", event_.error}, {"Cause", event_.cause}}));
      frame_.parent->last_event = frame_.last_event;
      number_after(frame_.last_event);
      return true;
    }
  }
}

}  // namespace

bool is_shown(const Live& live, const Event& event) {
  const Frame* within = live.find(event.frame);
  if (within != nullptr && within->is_hidden) return false;
  switch (event.type) {
    case EventType::paused:
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
      return false;
    case EventType::iteration_started: {
      const auto* map = within == nullptr || within->state == nullptr
                            ? nullptr
                            : std::get_if<asl::Map>(&within->state->kind);
      return map == nullptr || !map->is_distributed;
    }
    case EventType::state_aborted:
      return within != nullptr && is_in<asl::Task, asl::Wait, asl::Parallel, asl::Map>(*within);
    default:
      return true;
  }
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
