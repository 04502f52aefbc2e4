#pragma once

#include "asl/evaluate.h"
#include "execution/turn.h"

namespace pawl::execution {

// The kinds of state, one file each, and what they share.

// Does what the state the frame has entered says; also once more for each retry.
void run_state(Turn& turn, Frame& frame);
// Does what is left to do in a state in which the execution had ended.
void resume_state(Turn& turn, Frame& frame);

void run(Turn& turn, Frame& frame, const asl::Pass& pass);
void run(Turn& turn, Frame& frame, const asl::Task& task);
void run(Turn& turn, Frame& frame, const asl::Choice& choice);
void run(Turn& turn, Frame& frame, const asl::Wait& wait);
void run(Turn& turn, Frame& frame, const asl::Succeed& succeed);
void run(Turn& turn, Frame& frame, const asl::Fail& fail);
void run(Turn& turn, Frame& frame, const asl::Parallel& parallel);
void run(Turn& turn, Frame& frame, const asl::Map& map);

// What a frame waited for has come.
void task_answered(Turn& turn, Frame& frame, const json::Value& output);
void task_submitted(Turn& turn, Frame& frame, const json::Value& output);
void task_taken(Turn& turn, Frame& frame, const std::string& worker_name);
void task_beats(Turn& turn, Frame& frame);
void timer_due(Turn& turn, Frame& frame, EffectId timer);
void child_succeeded(Turn& turn, Frame& parent, Frame& child);
void child_failed(Turn& turn, Frame& parent, Frame& child, const asl::Failure& failure);

// The inputs of the iterations of a Map whose items are batched (batches.cc).
asl::Outcome<json::Value> batches(Turn& turn, const Frame& frame);
// Of items that have been selected; the last batch may be one that has room for more.
struct Batched {
  json::Value::Array batches;
  json::Value::Array rest = {};  // the items of the last one, where others may follow
};
asl::Outcome<Batched> batched(Turn& turn, const Frame& frame, json::Value::Array items,
                              bool are_last);
// The input of the iteration of this index. Batches have been put together of selected items.
asl::Outcome<json::Value> item(Turn& turn, const Frame& frame, int64_t index);
// An item of a Map, or what ItemSelector makes of it.
struct Item {
  int64_t index;
  const json::Value& value;
};
asl::Outcome<json::Value> selected(Turn& turn, const Frame& frame, const Item& of);
// What the iterations were to get can not be made.
void fail_items(Turn& turn, Frame& frame, const asl::Failure& failure);

// Batches the items that are known now, and starts as many iterations as may run at once.
void start(Turn& turn, Frame& frame);
// Starts those that may run now; where none is left, the state has its results.
void continue_map(Turn& turn, Frame& frame);

// The run of a distributed Map (map_run.cc).

struct Tolerance {
  std::optional<int64_t> count;
  std::optional<double> share;  // percent

  json::Value named() const;  // as MapRun::plan takes it
};
asl::Outcome<Tolerance> tolerance_of(const Turn& turn, const asl::Map& map,
                                     const asl::Scope& scope);
// True where the items are known, so that the iterations may start.
asl::Outcome<bool> begin_run(Turn& turn, Frame& frame, const asl::Map& map);
// All children have ended well.
void end_run(Turn& turn, Frame& frame);
// REQUIRES: the children have been told to stop.
void fail_over_threshold(Turn& turn, Frame& frame);
// The same for another reason.
void end_badly(Turn& turn, Frame& frame, const asl::Failure& failure);
// Why they cannot be the items of a run; empty: they can.
std::string not_items(const Turn& turn, const json::Value& items);
void errand_done(Turn& turn, Frame& frame, const json::Value& answer);
void errand_failed(Turn& turn, Frame& frame, const asl::Failure& failure);
// Goes on with a run that had failed or was stopped.
void resume_run(Turn& turn, Frame& frame);
void change_run(Turn& turn, Frame& frame, const json::Value& named);

// A run whose items are read window by window (windows.cc).

// Asks for the next window, or that a part of the results be written, where it is time. Whether
// there is something to wait for besides the children.
bool is_to_come(Turn& turn, Frame& frame);
// {Items: […], Next: …, Total: n}: where the next window begins, or null; how many items there are.
void take_window(Turn& turn, Frame& frame, const json::Value& answer);

// The fields common to several kinds (fields.cc).

// "$" of a state and all that its expressions see.
class Sight {
 public:
  Sight(Turn& turn, const Frame& frame)
      : turn_(turn), frame_(frame), context_(context(turn.live(), frame)) {}
  asl::Scope of(const json::Value& input) { return of(input, context_); }
  // With another context object, which must outlive the scope.
  asl::Scope of(const json::Value& input, const json::Value& context) {
    return {.input = input,
            .context = context,
            .entropy = turn_.entropy(),
            .variables = &frame_.variables,
            .now = turn_.now(),
            .budget = turn_.budget()};
  }
  // In JSONata: the state's input, and what came out of it.
  asl::Scope of_result(const json::Value& result) {
    asl::Scope scope = of(frame_.input);
    scope.result = &result;
    return scope;
  }
  asl::Scope of_error(const json::Value& error_output) {
    asl::Scope scope = of(frame_.state->is_jsonata() ? frame_.input : error_output);
    scope.error_output = &error_output;
    return scope;
  }
  const json::Value& context_object() const { return context_; }

 private:
  Turn& turn_;
  const Frame& frame_;
  const json::Value context_;
};

// InputPath, then Parameters.
asl::Outcome<json::Value> chosen_input(Turn& turn, const Frame& frame);
asl::Outcome<json::Value> effective_input(Turn& turn, const Frame& frame);
// The value, or States.DataLimitExceeded: what is too deep or too large could be kept, because it
// shares its parts, but neither shown nor read again.
asl::Outcome<json::Value> within_limits(const Turn& turn, json::Value value);
// Assign, and ResultSelector, ResultPath, OutputPath or, in JSONata, Output; then leaves the state.
void complete(Turn& turn, Frame& frame, const json::Value& result);
// For kinds without a result: Assign, and InputPath and OutputPath or Output; then leaves.
struct Exit {
  std::string_view next;
  const std::optional<asl::Template>& assign;
  const std::optional<asl::Template>& output;
};
void pass_through(Turn& turn, Frame& frame, const Exit& exit);

// Gives variables values; nothing where there are none.
void assign(Turn& turn, Frame& frame, const json::Value& variables);

// Failure (failure.cc).

// The state fails over what it could not evaluate.
void fail_evaluation(Turn& turn, Frame& frame, const asl::Failure& failure);

// What the state could not evaluate, as the service words it.
asl::Failure described(const Frame& frame, const asl::Failure& failure);

struct Failed {
  asl::Failure failure;
  // Another name Retry and Catch may know it by.
  std::string also_known_as = {};
  bool is_by_child = false;
};
// Retries, catches, or lets the frame fail.
void fail(Turn& turn, Frame& frame, const Failed& failed);

}  // namespace pawl::execution
