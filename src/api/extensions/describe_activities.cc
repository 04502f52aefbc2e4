#include "api/extensions/actions.h"
#include "api/fields.h"

namespace pawl::api::extensions {
namespace {

using json::Value;

Value to_json(const engine::Progress& progress) {
  auto value =
      Value::object({{"done", progress.done}, {"total", progress.total}, {"unit", progress.unit}});
  return progress.note.empty() ? value : value.with("note", progress.note);
}

Value to_json(const engine::LiveActivity& live) {
  const auto& activity = live.activity;
  Value::Array iteration(activity.iteration.begin(), activity.iteration.end());
  Value::Object members = {{"state", activity.state},
                           {"type", activity.type},
                           {"iteration", std::move(iteration)},
                           {"since", epoch_seconds(activity.since)},
                           {"attempt", activity.attempt}};
  if (activity.due) members.push_back({"due", epoch_seconds(*activity.due)});
  if (!live.resource.empty()) members.push_back({"resource", live.resource});
  if (live.progress) members.push_back({"progress", to_json(*live.progress)});
  if (!live.child_execution_arn.empty())
    members.push_back({"childExecutionArn", live.child_execution_arn});
  return members;
}

}  // namespace

void describe_activities(const Rooms& rooms, const Value& input, const Answer& answer) {
  rooms.engine.activities(text_of(input, "executionArn"),
                          [answer](Result<std::vector<engine::LiveActivity>> activities) {
                            if (!activities) return answer(std::move(activities).error());
                            Value::Array shown;
                            for (const auto& activity : *activities)
                              shown.push_back(to_json(activity));
                            answer(Value::object({{"activities", std::move(shown)}}));
                          });
}

}  // namespace pawl::api::extensions
