#include "api/fields.h"
#include "api/scheduler/call.h"

namespace pawl::api::scheduler {

Result<json::Value> set_schedule_state(const Call& call) {
  TRY(named_schedule(call));
  const bool is_enabled = text_of(call.input, "State") != "DISABLED";
  TRY(call.book.set_enabled(text_of(call.input, "Name"), is_enabled, call.now));
  return json::Value::object();
}

}  // namespace pawl::api::scheduler
