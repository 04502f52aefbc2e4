#pragma once

#include <functional>
#include <optional>
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
  // Not yet when it waits and will be asked again: no audit line is written.
  bool is_finished = true;
  // Nothing is merged where the state was the thing to remove.
  bool keeps_state = true;
  // The step did its work, and what it found is a failure under a name of its own.
  std::optional<asl::Failure> failure = {};
  // What is no failure and yet to be known, by a name of its own; kept in the state's warnings.
  json::Value::Object warnings = {};
  void warn(std::string_view name, std::string_view text) {
    warnings.push_back({std::string(name), json::Value::object({{"cause", text}})});
  }
};

// What is the same for every step: its request, the merge of its members into the state, the audit
// line, the answer, the error as a workflow sees it.
struct StepForm {
  // What leads up to the swap is not done for an operation that has ended: it would undo what has
  // been done to its target since.
  enum class Stage { to_the_swap, afterwards };

  std::string name;  // "snapshot-check"; the function is aurora-restore-<name>
  std::string description;
  std::string next_step;  // empty: none
  Duration time_limit = seconds(900);
  std::function<Result<Done>(Step&)> body;
  Stage stage = Stage::to_the_swap;
};

functions::Function make_step(Services& services, StepForm form);

}  // namespace pawl::restore
