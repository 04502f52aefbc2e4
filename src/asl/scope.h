#pragma once

#include "base/time.h"
#include "json/value.h"

namespace pawl::asl {

// How far the JSONata expressions of one transition may go together, counted in steps (see
// jsonata::Limits): a budget that ends at the same expression everywhere, whatever the machine.
struct Budget {
  int64_t steps_max = 10'000'000;
  int64_t steps = 0;  // taken
  // By paths and intrinsic functions, which have limits of their own: values looked at, and each 64
  // bytes of what functions take and make.
  int64_t looked_at = 0;
};

// What an expression can see. All values must outlive the evaluation.
struct Scope {
  const json::Value& input;    // "$"; "$states.input" in JSONata
  const json::Value& context;  // "$$", the context object; "$states.context"
  // The seed of all randomness in this evaluation (States.UUID, $random, …): it enters as data.
  uint64_t entropy = 0;
  const json::Value* variables = nullptr;     // an object: their names and values
  const json::Value* result = nullptr;        // "$states.result"
  const json::Value* error_output = nullptr;  // "$states.errorOutput"
  Instant now = {};                           // "$now()"
  Budget* budget = nullptr;                   // of the transition; each its own where it is null
};

}  // namespace pawl::asl
