#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "asl/failure.h"
#include "functions/processes/admission.h"
#include "json/value.h"

namespace pawl::functions::processes {

// What a function is called with.
struct Event {
  std::string id;       // of the request: one that runs already is not run twice
  std::string payload;  // JSON
  std::string client_context = {};
};

// How a call has ended.
struct Answer {
  enum class Kind {
    result,     // of the function
    error,      // of the function: {errorType, errorMessage, stackTrace?}
    throttled,  // not called
    not_found,  // not called
    stopping,   // not called, or cut off, because the server stops
  };
  Kind kind = Kind::result;
  std::string payload = {};
  Throttle throttle = Throttle::account;
  std::string log_tail = {};  // the end of what the function has said meanwhile
};
using Done = std::function<void(Answer)>;

Answer error_answer(std::string_view type, std::string_view message);

// As a task ends with it.
asl::Outcome<json::Value> outcome_of(const Answer& answer, const std::string& function_arn);

}  // namespace pawl::functions::processes
