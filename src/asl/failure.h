#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::asl {

// What a workflow may catch: data, never a C++ error. `error` is an error name of the specification
// ("States.Timeout") or of a function; `cause` is for people.
struct Failure {
  std::string error;
  std::string cause;
  std::string location = {};  // "Output/total": the field that could not be evaluated in JSONata
};

constexpr std::string_view query_evaluation_error = "States.QueryEvaluationError";

template <typename T>
using Outcome = Result<T, Failure>;

}  // namespace pawl::asl
