#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "execution/live.h"

namespace pawl::execution {

// What can happen to a live execution. Most of them are one event of the service's history; what
// they say is kept as small as the state before allows ("exited" does not repeat the state's name).
enum class EventType : uint8_t {
  begun,
  entered,    // number: the state within its set; its input is the frame's
  exited,     // value: the output
  paused,     // number: the state that will be entered after the pause
  timer_set,  // number: microseconds from now
  timer_fired,
  task_scheduled,  // value: parameters; number, second: timeout and heartbeat seconds or -1
  task_started,
  task_submitted,  // value: the answer
  task_heartbeat,
  task_succeeded,  // value: the output
  task_failed,     // failure
  task_timed_out,
  retry_set,            // number: microseconds from now; second: the retrier
  parallel_started,     // value: the input of every branch
  branch_succeeded,     // frame: the branch
  branch_failed,        // frame: the branch
  map_started,          // value: the items; number: how many at once
  map_tolerates,        // number: how many failures
  iteration_started,    // number: the index; value: its input. frame: the map's
  iteration_succeeded,  // frame: the iteration
  iteration_failed,     // frame: the iteration; number: 1 where it is tolerated; failure
  iteration_aborted,    // number: the frame whose failure ends it
  state_aborted,        // number: the frame whose failure ends it
  children_succeeded,
  children_failed,
  succeeded,  // value: the output
  failed,     // failure
  aborted,    // failure
  timed_out,
  task_taken,         // value: the worker's name
  assigned,           // value: the variables by name
  evaluation_failed,  // value: the field, as text; failure
  map_batched,        // value: the inputs of the iterations in place of the items
  map_run_started,    // value: the ARN of the run
  map_run_succeeded,
  map_run_failed,     // failure
  role_chosen,        // value: the ARN of the role of the task that is scheduled next
  redriven,           // number: how often
  map_planned,        // value: what is asked of the run, by name (MapRun::plan)
  items_requested,    // value: what is to be read
  items_read,         // value: the items
  results_requested,  // value: the inputs that no child has got; failure: where the run has failed
  parked,             // number: the state that would have been entered, had nothing else failed
  map_run_redriven,   // number: how often
  child_redriven,     // frame: the child
  window_requested,   // the items behind those that have been read
  window_read,        // number: how many items; value: what the iterations get (take_window)
  part_requested,     // the results of those that have ended are to be written
  part_written,       // value: the files, by status
};
constexpr size_t event_types = static_cast<size_t>(EventType::part_written) + 1;

struct Event {
  EventType type = EventType::begun;
  FrameId frame = root_id;
  int64_t number = 0, second = 0;
  json::Value value = {};
  std::string error = {}, cause = {};
};

// Which members of Event a type uses; the others are not written.
struct Fields {
  bool number = false, second = false, value = false, failure = false;
};
Fields fields(EventType type);

// Number in the service's history, and of the event before it; no id where it is not shown there.
struct Stamp {
  int64_t id = 0;
  int64_t previous = 0;
};

// Whether the event, about to be applied, is one of the service's history.
bool is_shown(const Live& live, const Event& event);

// The frame whose history the event, about to be applied, belongs to: the root, or a child of a
// distributed Map.
FrameId teller_of(const Live& live, const Event& event);

// Moves the state on. Error (corrupt): the event cannot happen in this state; then the state is no
// longer good for anything.
Result<Stamp> apply(Live& live, const Event& event, Instant now);

}  // namespace pawl::execution
