#pragma once

#include "json/value.h"

namespace pawl::asl {

// What an expression can see. Both values must outlive the evaluation.
struct Scope {
  const json::Value& input;    // "$"
  const json::Value& context;  // "$$", the context object
  // The seed of States.UUID and States.MathRandom in this evaluation: randomness enters as data.
  uint64_t entropy = 0;
};

}  // namespace pawl::asl
