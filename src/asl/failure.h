#pragma once

#include <string>

#include "base/result.h"

namespace pawl::asl {

// What a workflow may catch: data, never a C++ error. `error` is an error name of the specification
// ("States.Timeout") or of a function; `cause` is for people.
struct Failure {
  std::string error;
  std::string cause;
};

template <typename T>
using Outcome = Result<T, Failure>;

}  // namespace pawl::asl
