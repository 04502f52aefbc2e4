#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/configuration.h"
#include "engine/service_errors.h"

namespace pawl::api::states {
namespace {

using json::Value;

Result<Value> describe(engine::Engine& engine, const Value& input) {
  const auto arn = TRY(arn_of(input, "activityArn", "activity"));
  const auto activity = TRY(engine.catalogue().activity(arn));
  if (!activity) return engine::activity_does_not_exist(arn);
  return Value::object({{"activityArn", activity->arn},
                        {"name", activity->name},
                        {"creationDate", epoch_seconds(activity->created)},
                        {"encryptionConfiguration", encryption_shown(activity->settings)}});
}

}  // namespace

void describe_activity(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  answer(describe(rooms.engine, input));
}

}  // namespace pawl::api::states
