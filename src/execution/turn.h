#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "asl/failure.h"
#include "asl/scope.h"
#include "execution/event.h"
#include "execution/record/record.h"

namespace pawl::execution {

// One command at work. Whatever happens goes through happen(), which applies it with the very
// function that replay uses and writes it into the record; what must be done follows from how the
// frames wait before and after. The kinds of state (states/) are written against this.
class Turn {
 public:
  // `answered` is the effect the command answers, if any: nobody needs to be told to stop it.
  Turn(Live& live, const Facts& facts, EffectId answered);

  Live& live() { return live_; }
  Instant now() const { return facts_.now; }
  size_t data_bytes_max() const { return facts_.data_bytes_max; }
  int64_t stream_bytes_max() const { return facts_.stream_bytes_max; }
  bool has_activity(std::string_view arn) const {
    return !facts_.has_activity || facts_.has_activity(arn);
  }
  // A state is tried on its own: values are shown, and children do not run.
  bool is_trial() const { return static_cast<bool>(facts_.witness); }
  void show(std::string_view name, const json::Value& value) const {
    if (is_trial()) facts_.witness(name, value);
  }
  const std::optional<json::Value>& read_items() const { return facts_.read_items; }
  // What expressions may cost, of the transition that began last: a state is entered or left, or
  // fails.
  asl::Budget* budget() { return &budget_; }
  void begin_transition();
  // Whether this command has cost enough: others shall go on before more is done for it.
  bool is_spent() const;
  // Another number every time, the same ones for the same facts.
  uint64_t entropy();

  void happen(Event event);
  // Tells whoever follows the execution.
  void note(Step::Kind kind, const Frame& frame, size_t index = 0) const;

  // An iteration of a Map has begun.
  void count_iteration() { ++iterations_; }
  // The frame will enter that state, after everything that is ready already.
  void go(Frame& frame, const asl::State& state);
  // Exits the state and goes on: to the state named, or, where the name is empty, to the end of
  // the frame, which is a branch's or iteration's success or the execution's.
  void leave(Frame& frame, const json::Value& output, std::string_view next);
  // The frame, and all that was given up under it, goes on where it ended.
  void resume(Frame& frame);
  // An execution ends; nothing happens afterwards.
  void close(Event event);

  // Runs until every frame waits for something.
  void run_ready();
  // Everything under the frame is told to stop, because the child `failed` made it fail.
  void abort_children(Frame& parent, const Frame& failed);

  Decision finish() &&;

 private:
  struct Ready {
    FrameId frame;
    const asl::State* state;  // to be entered; null: the one it is in is resumed
  };

  void pause(Frame& frame, const asl::State& state);
  void start_tasks();
  // Those under the frame that were ready to go on will not.
  void park(const Frame& around);
  int64_t steps() const { return steps_before_ + budget_.steps + budget_.looked_at; }
  bool is_enough_before(const asl::State& state) const;
  // True where the history has no room but for the event that ends it.
  bool is_history_full() const;
  void hold_against_service(const Event& event, int64_t number);
  void abort(Frame& frame, const Frame& parent, bool is_failed);
  void add_effects(const std::vector<EffectId>& before, const Frame* frame);
  void call_off(EffectId effect, bool is_task);

  Live& live_;
  const Facts& facts_;
  const EffectId answered_;
  RecordWriter record_;
  std::vector<Effect> effects_;
  const EffectId first_fresh_;               // the first effect that this turn may ask for
  std::unordered_set<EffectId> called_off_;  // of those it has asked for
  std::deque<Ready> ready_;
  std::vector<EffectId> scheduled_;  // tasks whose start has not been noted yet
  std::string beyond_service_;
  uint64_t draws_ = 0;
  int64_t entries_ = 0, iterations_ = 0, events_ = 0;
  asl::Budget budget_;
  int64_t steps_before_ = 0;  // of the transitions that have ended
};

}  // namespace pawl::execution
