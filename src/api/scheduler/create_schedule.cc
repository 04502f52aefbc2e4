#include "api/fields.h"
#include "api/scheduler/call.h"

namespace pawl::api::scheduler {

Result<json::Value> create_schedule(const Call& call) {
  TRY(check_definition(call.input));
  auto definition = TRY(schedules::parse_definition(call.input));
  const std::string arn = call.arn("schedule/default", definition.name);
  TRY(call.book.create(std::move(definition), text_of(call.input, "ClientToken"), call.now));
  return json::Value::object({{"ScheduleArn", arn}});
}

}  // namespace pawl::api::scheduler
