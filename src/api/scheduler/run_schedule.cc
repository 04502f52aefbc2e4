#include "api/fields.h"
#include "api/scheduler/call.h"
#include "schedules/scheduler.h"

namespace pawl::api::scheduler {

void run_schedule(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  if (auto checked = check_name(input); !checked) return answer(std::move(checked).error());
  rooms.schedules.run_by_hand(text_of(input, "Name"), [answer](Result<schedules::Run> run) {
    if (!run) return answer(std::move(run).error());
    answer(run->to_json());
  });
}

}  // namespace pawl::api::scheduler
