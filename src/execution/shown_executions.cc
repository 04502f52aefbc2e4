#include "execution/shown.h"
#include "json/write.h"

namespace pawl::execution {

json::Value Texts::of(const json::Value& value) {
  if (value.identity() == 0) return json::write(value);
  auto& written = written_[value.identity()];
  if (written.text.is_null()) written = {value, json::write(value)};
  return written.text;
}

void add_payload(json::Value::Object& details, std::string name, const json::Value& text) {
  details.push_back({name, text});
  details.push_back({name + "Details", json::Value::object({{"truncated", false}})});
}

void add_failure(json::Value::Object& details, const Event& event) {
  if (!event.error.empty()) details.push_back({"error", event.error});
  if (!event.cause.empty()) details.push_back({"cause", event.cause});
}

Shown show_execution(Texts& texts, const Live& live, const Event& event) {
  json::Value::Object details;
  switch (event.type) {
    case EventType::begun:
      add_payload(details, "input", texts.of(live.identity.input));
      details.push_back({"roleArn", live.identity.role_arn});
      return {"ExecutionStarted", "executionStartedEventDetails", std::move(details)};
    case EventType::succeeded:
      add_payload(details, "output", texts.of(event.value));
      return {"ExecutionSucceeded", "executionSucceededEventDetails", std::move(details)};
    case EventType::failed:
      add_failure(details, event);
      return {"ExecutionFailed", "executionFailedEventDetails", std::move(details)};
    case EventType::aborted:
      add_failure(details, event);
      return {"ExecutionAborted", "executionAbortedEventDetails", std::move(details)};
    case EventType::redriven:
      details.push_back({"redriveCount", event.number});
      return {"ExecutionRedriven", "executionRedrivenEventDetails", std::move(details)};
    default:
      return {"ExecutionTimedOut", "executionTimedOutEventDetails", std::move(details)};
  }
}

bool is_of_child_execution(const Frame& frame, const Event& event) {
  const bool is_start = event.type == EventType::iteration_started;
  const Frame* map = is_start ? &frame : frame.parent;
  if (map == nullptr || map->state == nullptr) return false;
  const auto* kind = std::get_if<asl::Map>(&map->state->kind);
  return kind != nullptr && kind->is_distributed;
}

Shown show_child(Texts& texts, const Live& live, const Frame& frame, const Event& event) {
  json::Value::Object details;
  switch (event.type) {
    case EventType::iteration_started:
      add_payload(details, "input", texts.of(event.value));
      details.push_back({"roleArn", live.identity.role_arn});
      return {"ExecutionStarted", "executionStartedEventDetails", std::move(details)};
    case EventType::iteration_succeeded:
      add_payload(details, "output", texts.of(frame.input));
      return {"ExecutionSucceeded", "executionSucceededEventDetails", std::move(details)};
    case EventType::child_redriven: {
      const auto& run = *frame.parent->waits<OnChildren>()->run;
      details.push_back({"redriveCount", run.children.at(frame.index).redrives + 1});
      return {"ExecutionRedriven", "executionRedrivenEventDetails", std::move(details)};
    }
    case EventType::iteration_failed:
      add_failure(details, event);
      return {"ExecutionFailed", "executionFailedEventDetails", std::move(details)};
    default:
      return {"ExecutionAborted", "executionAbortedEventDetails", std::move(details)};
  }
}

}  // namespace pawl::execution
