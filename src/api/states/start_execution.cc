#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/executions.h"

namespace pawl::api::states {

void start_execution(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto execution = read_execution(input);
  if (!execution) return answer(std::move(execution).error());
  rooms.engine.start_execution(*std::move(execution), [answer](Result<engine::Started> started) {
    if (!started) return answer(std::move(started).error());
    answer(json::Value::object({{"executionArn", started->execution_arn},
                                {"startDate", epoch_seconds(started->started)}}));
  });
}

}  // namespace pawl::api::states
