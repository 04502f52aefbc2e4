#include "api/fields.h"
#include "api/scheduler/call.h"

namespace pawl::api::scheduler {

// All of it: a member that is absent is what it is in a new schedule. Only the policy of catching
// up, which clients of the service do not know, stays.
Result<json::Value> update_schedule(const Call& call) {
  TRY(check_definition(call.input));
  TRY(call.book.update(call.input, call.now));
  return json::Value::object(
      {{"ScheduleArn", call.arn("schedule/default", text_of(call.input, "Name"))}});
}

}  // namespace pawl::api::scheduler
