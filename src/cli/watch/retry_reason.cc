#include "cli/watch/retry_reason.h"

#include <map>

#include "base/text.h"
#include "cli/output.h"

namespace pawl::cli {
namespace {

using json::Value;
using Events = std::map<int64_t, Value>;

constexpr int events_looked_at = 200;

// The error of "LambdaFunctionFailed", "TaskTimedOut" and the like.
std::string error_in(const Value& event) {
  const std::string type = event.string_at("type").value_or("");
  if (!type.ends_with("Failed") && !type.ends_with("TimedOut")) return {};
  for (const auto& [name, details] : event.members()) {
    const auto error = details.string_at("error");
    if (!name.ends_with("EventDetails") || !error) continue;
    const std::string cause = details.string_at("cause").value_or("");
    return cause.empty() ? *error : concat(*error, ": ", cause);
  }
  return {};
}

// The state that an event belongs to: the one whose entry led to it.
std::string state_of(const Value& event, const Events& events) {
  for (const Value* at = &event;;) {
    if (at->string_at("type").value_or("").ends_with("StateEntered")) {
      return (*at)["stateEnteredEventDetails"].string_at("name").value_or("");
    }
    const auto before = events.find(at->integer_at("previousEventId").value_or(0));
    if (before == events.end()) return {};
    at = &before->second;
  }
}

}  // namespace

Result<std::string> retry_reason(const Client& client, const std::string& execution_arn,
                                 const std::string& state) {
  const Value answer = TRY(
      client.call("Pawl.GetExecutionHistory", Value::object({{"executionArn", execution_arn},
                                                             {"reverseOrder", true},
                                                             {"includeExecutionData", false},
                                                             {"maxResults", events_looked_at}})));
  const Value list = answer["events"];
  if (!list.is_array()) return std::string();
  Events events;
  for (const Value& event : list.elements()) events[event.integer_at("id").value_or(0)] = event;
  for (const Value& event : list.elements()) {
    std::string error = error_in(event);
    if (!error.empty() && state_of(event, events) == state) return error;
  }
  return std::string();
}

}  // namespace pawl::cli
