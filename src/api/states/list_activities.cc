#include "api/fields.h"
#include "api/states/actions.h"

namespace pawl::api::states {
namespace {

using json::Value;

Value summary(const store::Activity& activity) {
  return Value::object({{"activityArn", activity.arn},
                        {"name", activity.name},
                        {"creationDate", epoch_seconds(activity.created)}});
}

Result<Value> list(engine::Engine& engine, const Value& input) {
  return shown_page("activities", TRY(engine.catalogue().activities(page_of(input))), summary);
}

}  // namespace

void list_activities(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  answer(list(rooms.engine, input));
}

}  // namespace pawl::api::states
