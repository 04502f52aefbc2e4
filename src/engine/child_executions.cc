#include "engine/child_executions.h"

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::engine {
namespace {

constexpr std::string_view service = ":states:::states:startExecution";

// The form in which the service's answers to integrations carry times.
int64_t epoch_milliseconds(Instant instant) {
  return std::chrono::duration_cast<milliseconds>(instant.time_since_epoch()).count();
}

json::Value parsed(const std::string& text) {
  auto value = json::parse(text);
  return value.has_value() ? *std::move(value) : json::Value(text);
}

}  // namespace

std::optional<ChildForm> child_form(std::string_view resource) {
  const size_t at = resource.find(service);
  if (!resource.starts_with("arn:") || at == resource.npos) return std::nullopt;
  const std::string_view form = resource.substr(at + service.size());
  if (form.empty()) return ChildForm::request;
  if (form == ".sync") return ChildForm::sync;
  if (form == ".sync:2") return ChildForm::sync2;
  return std::nullopt;
}

asl::Outcome<NewExecution> child_request(const std::string& task_id,
                                         const json::Value& parameters) {
  NewExecution request;
  const auto machine_arn = parameters.string_at("StateMachineArn");
  if (!machine_arn) {
    return asl::Failure{"States.Runtime",
                        "The Parameters of startExecution need a StateMachineArn"};
  }
  request.machine_arn = *machine_arn;
  request.name = parameters.string_at("Name").value_or(task_id);
  const json::Value* input = parameters.find("Input");
  if (input == nullptr || input->is_null()) return request;
  if (!input->is_string()) {
    request.input = *input;
    return request;
  }
  auto value = json::parse(input->string());
  if (!value.has_value()) {
    return asl::Failure{
        "StepFunctions.InvalidExecutionInputException",
        concat("Invalid State Machine Execution Input: '", value.error().message(), "'")};
  }
  request.input = *std::move(value);
  request.input_text = std::string(input->string());
  return request;
}

json::Value child_started(const Started& started) {
  return json::Value::object({{"ExecutionArn", started.execution_arn},
                              {"StartDate", epoch_milliseconds(started.started)}});
}

asl::Failure child_refused(const Error& error) {
  const std::string& message = error.message();
  const size_t colon = message.find(": ");
  if (colon == message.npos) return {"StepFunctions.StepFunctionsException", error.text()};
  return {concat("StepFunctions.", message.substr(0, colon), "Exception"),
          message.substr(colon + 2)};
}

asl::Outcome<json::Value> child_outcome(ChildForm form, const store::Execution& closed) {
  const bool has_succeeded = closed.status == "SUCCEEDED";
  const auto text = [&](const std::string& value) {
    return form == ChildForm::sync2 && has_succeeded ? parsed(value) : json::Value(value);
  };
  const json::Value included = json::Value::object({{"Included", true}});
  // Members in the order of the alphabet, as the service writes them.
  json::Value::Object described;
  if (!closed.cause.empty()) described.push_back({"Cause", closed.cause});
  if (!closed.error.empty()) described.push_back({"Error", closed.error});
  described.push_back({"ExecutionArn", closed.arn});
  described.push_back({"Input", text(closed.input)});
  described.push_back({"InputDetails", included});
  described.push_back({"Name", closed.name});
  if (has_succeeded) {
    described.push_back({"Output", text(closed.output)});
    described.push_back({"OutputDetails", included});
    described.push_back({"RedriveCount", 0});
    described.push_back({"RedriveStatus", "NOT_REDRIVABLE"});
    described.push_back({"RedriveStatusReason", execution::cannot_be_redriven(closed.status)});
  }
  described.push_back({"StartDate", epoch_milliseconds(closed.started)});
  described.push_back({"StateMachineArn", closed.machine_arn});
  described.push_back({"Status", closed.status});
  if (closed.stopped) described.push_back({"StopDate", epoch_milliseconds(*closed.stopped)});
  json::Value answer(std::move(described));
  if (has_succeeded) return answer;
  return asl::Failure{"States.TaskFailed", json::write(answer)};
}

void ChildExecutions::wait(const Waiter& waiter, Child child) {
  forget(waiter.parent_id, waiter.task);
  waiters_.emplace(child.id, waiter);
  children_[{waiter.parent_id, waiter.task}] = std::move(child);
}

const ChildExecutions::Child* ChildExecutions::child_of(int64_t parent_id,
                                                        execution::EffectId task) const {
  const auto found = children_.find({parent_id, task});
  return found == children_.end() ? nullptr : &found->second;
}

void ChildExecutions::forget(int64_t parent_id, execution::EffectId task) {
  const auto found = children_.find({parent_id, task});
  if (found == children_.end()) return;
  const auto [first, last] = waiters_.equal_range(found->second.id);
  for (auto waiter = first; waiter != last; ++waiter) {
    if (waiter->second.parent_id != parent_id || waiter->second.task != task) continue;
    waiters_.erase(waiter);
    break;
  }
  children_.erase(found);
}

std::vector<ChildExecutions::Waiter> ChildExecutions::take_waiters(int64_t child_id) {
  std::vector<Waiter> taken;
  const auto [first, last] = waiters_.equal_range(child_id);
  for (auto waiter = first; waiter != last; ++waiter) {
    taken.push_back(waiter->second);
    children_.erase({waiter->second.parent_id, waiter->second.task});
  }
  waiters_.erase(first, last);
  return taken;
}

}  // namespace pawl::engine
