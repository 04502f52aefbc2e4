#include "api/scheduler/call.h"

namespace pawl::api::scheduler {

Result<json::Value> get_schedule(const Call& call) {
  return shown_schedule(call, *TRY(named_schedule(call))).without("CatchUp");
}

}  // namespace pawl::api::scheduler
