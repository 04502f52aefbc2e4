#include "api/fields.h"
#include "api/scheduler/call.h"

namespace pawl::api::scheduler {

Result<json::Value> delete_schedule(const Call& call) {
  TRY(named_schedule(call));
  TRY(call.book.erase(text_of(call.input, "Name")));
  return json::Value::object();
}

}  // namespace pawl::api::scheduler
