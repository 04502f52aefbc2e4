#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "asl/failure.h"
#include "asl/machine.h"
#include "asl/scope.h"
#include "base/time.h"
#include "json/value.h"

namespace pawl::asl {

// The fields of a state as they are when it runs: a number or a text that may stand at a path, and
// the paths that choose a state's input, place its result and choose its output.

// Failure: States.Runtime where there is no number, or a negative one, at the path;
// States.QueryEvaluationError of an expression, here and below.
Outcome<int64_t> number(const NumberOrPath& number, const Scope& scope);
// … with its fraction, as a percentage may have one.
Outcome<double> real(const NumberOrPath& number, const Scope& scope);

// Failure: States.Runtime where the path or intrinsic function gives no text.
Outcome<std::string> text(const TextOrExpression& text, const Scope& scope);

// "$" where absent, an empty object where null was written.
Outcome<json::Value> read(const std::optional<PathOrNull>& path, const Scope& scope);

// ResultPath: the state's input with the result in its place ("$" where absent; the input alone
// where null was written). Failure: States.ResultPathMatchFailure.
Outcome<json::Value> place(const std::optional<PathOrNull>& path, const json::Value& input,
                           const json::Value& result);

// Whether a rule of a Choice holds.
Outcome<bool> holds(const ChoiceRule& rule, const Scope& scope);

// When a Wait state ends that is entered now. Failure: States.Runtime.
Outcome<Instant> wait_end(const Wait& wait, const Scope& scope, Instant now);

// The array a Map goes through, at its ItemsPath or as its Items. Failure: States.Runtime where it
// is no array.
Outcome<json::Value> items(const State& state, const Map& map, const Scope& scope);

// The largest number of seconds that a field of a state may hold (more than three years).
constexpr int64_t wait_seconds_max = 99'999'999;

}  // namespace pawl::asl
