#include <array>

#include "base/arn.h"
#include "base/text.h"
#include "execution/shown.h"

namespace pawl::execution {

namespace {

// "arn:aws:states:::lambda:invoke" names the action "invoke" of the service "lambda"; for
// "arn:aws:states:::aws-sdk:s3:listBuckets" the service is "aws-sdk:s3". Anything else is a
// function's own ARN.
struct Integration {
  std::string_view service, action;
};

std::optional<Integration> integration(std::string_view resource) {
  constexpr std::string_view states = ":states:::";
  const auto start = resource.find(states);
  if (start == std::string_view::npos) return std::nullopt;
  const auto rest = resource.substr(start + states.size());
  auto colon = rest.find(':');
  if (rest.substr(0, colon) == "aws-sdk") colon = rest.find(':', colon + 1);
  if (colon == std::string_view::npos) return Integration{rest, {}};
  return Integration{rest.substr(0, colon), rest.substr(colon + 1)};
}

std::string region_of(std::string_view arn) {
  return std::string(parse_arn(arn).value_or(Arn()).region);
}

// The words the service has for one step of a task.
struct Words {
  EventType type;
  std::string_view step;              // "TaskScheduled", "LambdaFunctionScheduled"
  std::string_view task_details;      // of integrations
  std::string_view lambda_details;    // of functions
  std::string_view activity_details;  // of activities
};
constexpr std::array all_words{
    Words{EventType::task_scheduled, "Scheduled", "taskScheduledEventDetails",
          "lambdaFunctionScheduledEventDetails", "activityScheduledEventDetails"},
    Words{EventType::task_started, "Started", "taskStartedEventDetails", "", ""},
    Words{EventType::task_taken, "Started", "", "", "activityStartedEventDetails"},
    Words{EventType::task_submitted, "Submitted", "taskSubmittedEventDetails", "", ""},
    Words{EventType::task_succeeded, "Succeeded", "taskSucceededEventDetails",
          "lambdaFunctionSucceededEventDetails", "activitySucceededEventDetails"},
    Words{EventType::task_failed, "Failed", "taskFailedEventDetails",
          "lambdaFunctionFailedEventDetails", "activityFailedEventDetails"},
    Words{EventType::task_timed_out, "TimedOut", "taskTimedOutEventDetails",
          "lambdaFunctionTimedOutEventDetails", "activityTimedOutEventDetails"},
};

void add_outcome(Texts& texts, json::Value::Object& details, const Event& event) {
  switch (event.type) {
    case EventType::task_submitted:
    case EventType::task_succeeded:
      return add_payload(details, "output", texts.of(event.value));
    case EventType::task_taken:
      if (event.value != json::Value("")) details.push_back({"workerName", event.value});
      return;
    case EventType::task_failed:
      return add_failure(details, event);
    case EventType::task_timed_out:
      details.push_back({"error", "States.Timeout"});
      return;
    default:
      return;
  }
}

}  // namespace

Shown show_task(Texts& texts, const Live& live, const Frame& frame, const Event& event) {
  const Words* words = nullptr;
  for (const auto& known : all_words)
    if (known.type == event.type) words = &known;
  const auto* task = frame.state == nullptr ? nullptr : std::get_if<asl::Task>(&frame.state->kind);
  if (words == nullptr || task == nullptr) return {};
  const auto service = integration(task->resource);
  const bool is_schedule = event.type == EventType::task_scheduled;

  json::Value::Object details;
  if (service) {
    details.push_back({"resourceType", service->service});
    details.push_back({"resource", service->action});
    if (is_schedule) {
      details.push_back({"region", region_of(live.identity.execution_arn)});
      details.push_back({"parameters", texts.of(event.value)});
    }
  } else if (is_schedule) {
    details.push_back({"resource", task->resource});
    add_payload(details, "input", texts.of(event.value));
  }
  if (is_schedule && event.number >= 0) details.push_back({"timeoutInSeconds", event.number});
  if (is_schedule && (service || task->is_activity) && event.second >= 0)
    details.push_back({"heartbeatInSeconds", event.second});
  if (is_schedule && service && frame.role.is_string())
    details.push_back({"taskCredentials", json::Value::object({{"roleArn", frame.role}})});
  add_outcome(texts, details, event);

  if (service) return {concat("Task", words->step), std::string(words->task_details), details};
  if (task->is_activity)
    return {concat("Activity", words->step), std::string(words->activity_details), details};
  return {concat("LambdaFunction", words->step), std::string(words->lambda_details), details};
}

}  // namespace pawl::execution
