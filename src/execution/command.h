#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/time.h"
#include "json/value.h"

namespace pawl::asl {
struct State;
}

namespace pawl::execution {

// The number of an effect within its execution, given when the effect is decided and kept for ever:
// after a crash the same work is asked for under the same number.
using EffectId = uint64_t;

// What may happen to an execution. Commands about effects that have ended meanwhile are ignored.
struct Begin {};
struct TaskSucceeded {
  EffectId task;
  json::Value output;
};
struct TaskFailed {
  EffectId task;
  std::string error, cause;
};
// A .sync task has been handed over: `output` is the answer to the request that started it.
struct TaskSubmitted {
  EffectId task;
  json::Value output;
};
// A worker has taken the task of an activity.
struct TaskTaken {
  EffectId task;
  std::string worker_name;
};
struct TaskHeartbeat {
  EffectId task;
};
struct TimerDue {
  EffectId timer;
};
struct Stop {
  std::string error, cause;
};
// A closed execution begins again where it ended.
struct Redrive {
  int64_t count = 1;  // how often it was redriven, this time included
};
// Other limits for a map run that is under way (MapRun::plan).
struct ChangeMapRun {
  std::string arn;
  json::Value named;
};

using Command = std::variant<Begin, TaskSucceeded, TaskFailed, TaskSubmitted, TaskHeartbeat,
                             TimerDue, Stop, TaskTaken, Redrive, ChangeMapRun>;

// What an execution does next, for whoever follows it: it enters a state, or, in the state it is
// in, takes a rule of a Choice (one past the last: its Default), a retrier or a catcher.
struct Step {
  enum class Kind { entered, rule, retrier, catcher };
  Kind kind;
  const asl::State& state;
  size_t index = 0;        // of the rule, retrier or catcher
  std::string place = {};  // "Each[3]/Both[1]/Copy": the state, and the iterations around it
};

// Is shown every value on a state's way from input to output, by the name that people know it by:
// "afterInputPath", "maxConcurrency".
using Witness = std::function<void(std::string_view name, const json::Value& value)>;

// Time and randomness enter a decision as data.
struct Facts {
  Instant now;
  uint64_t entropy = 0;
  // What the input or output of a state may have as text, at most.
  size_t data_bytes_max = 64 << 20;
  // What its history may count in events, at most; 0: there is no limit.
  int64_t events_max = 0;
  // How many steps the JSONata expressions of one transition may take (asl::Budget); and after how
  // many of them the execution lets others go on before it enters its next state.
  int64_t transition_steps_max = 10'000'000;
  int64_t turn_steps_max = 2'000'000;
  // Where items are read window by window: the inputs as text that may wait or be at work before
  // more is read, and the results that may wait to be written.
  int64_t stream_bytes_max = 4 << 20;
  // Whether there is an activity of this ARN; where it is not set, there is.
  std::function<bool(std::string_view arn)> has_activity = {};
  // Told of every step where it is set; it changes nothing.
  std::function<void(const Step&)> on_step = {};
  // Set where a state is tried on its own (trial.h): nothing runs that it waits for.
  Witness witness = {};
  // What the ItemReader of a Map that is tried has read.
  std::optional<json::Value> read_items = {};
};

}  // namespace pawl::execution
