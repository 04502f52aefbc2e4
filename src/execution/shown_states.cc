#include "base/text.h"
#include "execution/shown.h"

namespace pawl::execution {

Shown show_state(Texts& texts, Live& live, const Frame& frame, const Event& event) {
  json::Value::Object details;
  if (event.type == EventType::entered) {
    const asl::State* state = live.state_at(*frame.states, event.number);
    if (state == nullptr) return {};
    details.push_back({"name", state->name});
    add_payload(details, "input", texts.of(frame.input));
    return {concat(state->type(), "StateEntered"), "stateEnteredEventDetails", std::move(details)};
  }
  if (!frame.is_inside) return {};
  if (event.type == EventType::state_aborted)
    return {concat(frame.state->type(), "StateAborted"), {}, {}};
  if (event.type == EventType::evaluation_failed) {
    add_failure(details, event);
    if (event.value != json::Value("")) details.push_back({"location", event.value});
    details.push_back({"state", frame.state->name});
    return {"EvaluationFailed", "evaluationFailedEventDetails", std::move(details)};
  }
  details.push_back({"name", frame.state->name});
  add_payload(details, "output", texts.of(event.value));
  if (frame.assigned.is_object()) {
    json::Value::Object variables;
    for (const auto& [name, value] : frame.assigned.members())
      variables.push_back({name, texts.of(value)});
    add_payload(details, "assignedVariables", std::move(variables));
  }
  return {concat(frame.state->type(), "StateExited"), "stateExitedEventDetails",
          std::move(details)};
}

Shown show_children(const Frame& frame, const Event& event) {
  if (event.type == EventType::parallel_started) return {"ParallelStateStarted", {}, {}};
  if (event.type == EventType::map_started)
    return {"MapStateStarted", "mapStateStartedEventDetails",
            json::Value::object({{"length", event.value.size()}})};
  if (event.type == EventType::map_run_started)
    return {"MapRunStarted", "mapRunStartedEventDetails",
            json::Value::object({{"mapRunArn", event.value}})};
  if (event.type == EventType::map_run_redriven)
    return {"MapRunRedriven", "mapRunRedrivenEventDetails",
            json::Value::object({{"mapRunArn", frame.waits<OnChildren>()->run->arn},
                                 {"redriveCount", event.number}})};
  if (event.type == EventType::map_run_succeeded) return {"MapRunSucceeded", {}, {}};
  if (event.type == EventType::map_run_failed) {
    json::Value::Object details;
    add_failure(details, event);
    return {"MapRunFailed", "mapRunFailedEventDetails", std::move(details)};
  }
  const bool is_start = event.type == EventType::iteration_started;
  if (is_start || frame.is_iteration()) {
    const Frame& map = is_start ? frame : *frame.parent;
    if (map.state == nullptr) return {};
    const auto details = json::Value::object(
        {{"name", map.state->name}, {"index", is_start ? event.number : frame.index}});
    switch (event.type) {
      case EventType::iteration_started:
        return {"MapIterationStarted", "mapIterationStartedEventDetails", details};
      case EventType::iteration_succeeded:
        return {"MapIterationSucceeded", "mapIterationSucceededEventDetails", details};
      case EventType::iteration_failed:
        return {"MapIterationFailed", "mapIterationFailedEventDetails", details};
      case EventType::iteration_aborted:
        return {"MapIterationAborted", "mapIterationAbortedEventDetails", details};
      default:
        break;
    }
  }
  if (frame.state == nullptr) return {};
  const bool is_good = event.type == EventType::children_succeeded;
  return {concat(frame.state->type(), is_good ? "StateSucceeded" : "StateFailed"), {}, {}};
}

}  // namespace pawl::execution
