#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/configuration.h"
#include "api/states/tags.h"

namespace pawl::api::states {
namespace {

using json::Value;

Result<engine::CreateActivity> read(const Value& input) {
  engine::CreateActivity activity;
  activity.name = text_of(input, "name");
  activity.settings = TRY(read_settings(input, activity.name));
  activity.tags = TRY(tags_of(input));
  return activity;
}

}  // namespace

void create_activity(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto activity = read(input);
  if (!activity) return answer(std::move(activity).error());
  rooms.engine.ask(*std::move(activity), [answer](Result<store::Activity> created) {
    if (!created) return answer(std::move(created).error());
    answer(json::Value::object(
        {{"activityArn", created->arn}, {"creationDate", epoch_seconds(created->created)}}));
  });
}

}  // namespace pawl::api::states
