#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "execution/command.h"

namespace pawl::execution {

enum class Status { running, succeeded, failed, timed_out, aborted };

// "RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED".
std::string_view name(Status status);

// What must be done once the record is durable. Doing one twice, under its id, is harmless.
struct StartTask {
  EffectId id;
  std::string state;     // name of the state
  std::string resource;  // the ARN as the definition writes it
  json::Value input;     // the evaluated Parameters
  int64_t attempt = 0;   // 0 for the first, then the retries
  // The answer comes from outside, by the token: the answer to the request that the resource names
  // is only TaskSubmitted. Of activities the token alone is set.
  bool waits_for_token = false;
  std::string token = {};
  // A worker has taken it, or who shall answer by the token has been asked: nothing is to be done.
  bool is_handed_over = false;
};
struct CancelTask {
  EffectId id;
};
struct SetTimer {
  EffectId id;
  Instant due;
};
struct ClearTimer {
  EffectId id;
};
// The last effect of an execution.
struct Close {
  Status status;
  json::Value output;        // of a success
  std::string error, cause;  // otherwise
};

using Effect = std::variant<StartTask, CancelTask, SetTimer, ClearTimer, Close>;

}  // namespace pawl::execution
