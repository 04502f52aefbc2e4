#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "json/value.h"

namespace pawl::json {

// A number for a value, the same for equal values (1 and 1.0, members in any order), so that many
// can be looked up without comparing each with each. What values share is walked once. The values
// must outlive it.
class Digest {
 public:
  size_t operator()(const Value& value);

 private:
  std::unordered_map<uintptr_t, size_t> known_;
};

}  // namespace pawl::json
