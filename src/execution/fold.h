#pragma once

#include "execution/event.h"

// How apply() works, by family of events. For this room's own sources only.
namespace pawl::execution {

// Whether the frame is inside a state of one of these kinds.
template <typename... Kinds>
bool is_in(const Frame& frame) {
  return frame.is_inside && (std::holds_alternative<Kinds>(frame.state->kind) || ...);
}

// One event being applied. Each function answers whether the event can happen in this state, and
// has checked that before it changes anything.
class Fold {
 public:
  Fold(Live& live, Frame& frame, const Event& event, Instant now)
      : live_(live), frame_(frame), event_(event), now_(now) {}

  bool run();
  // Where the event stands in the history.
  Stamp stamp() const { return stamp_; }

 private:
  bool execution();
  bool redrive();
  bool states();
  bool tasks();
  bool children();
  bool iterations();
  bool map_run();

  bool enter(const asl::State* state);
  bool assign();
  bool fail_evaluation();
  bool schedule_task();
  bool start_children();
  bool start_iteration();
  bool batch();
  bool end_iteration(const json::Value& result);
  bool wait(int64_t delay_us, Purpose purpose);

  bool start_run();
  bool end_run(MapRun& run);
  bool redrive_run(MapRun& run);
  bool redrive_child();
  bool plan_run(OnChildren& waiting);
  bool send_out(Errand errand);
  bool request_items(OnChildren& waiting);
  bool take_items(OnChildren& waiting);
  bool take_window(OnChildren& waiting);
  bool request_part(const OnChildren& waiting);
  bool take_part(MapRun& run);
  bool request_results(MapRun& run);
  void end_child(Status status, const json::Value& output);
  void let_go(MapRun& run);

  // Takes a number in its history, after the frame's last event, which it then is.
  void follow(Frame& frame) { frame.last_event = number_after(frame.last_event); }
  int64_t number_after(int64_t previous) {
    if (!is_shown(live_, event_)) return previous;
    stamp_ = {live_.find(frame_.teller)->next_event++, previous};
    return stamp_.id;
  }
  Timer timer(int64_t seconds_from_now) {
    return {live_.next_effect++, now_ + seconds(seconds_from_now)};
  }
  void close(Status status) {
    live_.give_up(live_.root());
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

}  // namespace pawl::execution
