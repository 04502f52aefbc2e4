#pragma once

#include <functional>
#include <string>

#include "functions/function.h"
#include "json/value.h"
#include "restore/request.h"
#include "restore/services.h"

namespace pawl::restore {

// One call of a step. `members` is what it adds to the operation's state and to its answer.
struct Step {
  Services& services;
  functions::Call& call;
  const Request& request;

  const Region& target() const {
    return services.settings.regions.find(request.target_region)->second;
  }
  // How long the step may wait: wait_seconds of the input, and never past its own deadline.
  Duration patience() const;
};

struct Done {
  std::string message;
  json::Value::Object members;
};

// What is the same for every step: its request, the merge of its members into the state, the audit
// line, the answer, the error as a workflow sees it.
struct StepForm {
  std::string name;         // "snapshot-check"; the function is aurora-restore-<name>
  std::string description;
  std::string next_step;    // empty: none
  Duration time_limit = seconds(900);
  std::function<Result<Done>(Step&)> body;
  // Whether it may begin an operation. Other steps need one, or the members to begin it.
  std::string member_of_status = {};
};

functions::Function make_step(Services& services, StepForm form);

}  // namespace pawl::restore
