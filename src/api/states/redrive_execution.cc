#include "api/fields.h"
#include "api/states/actions.h"

namespace pawl::api::states {

void redrive_execution(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto arn = execution_arn_of(input);
  if (!arn) return answer(std::move(arn).error());
  rooms.engine.ask(engine::RedriveExecution{*std::move(arn), text_of(input, "clientToken")},
                   [answer](Result<Instant> redriven) {
                     if (!redriven) return answer(std::move(redriven).error());
                     answer(json::Value::object({{"redriveDate", epoch_seconds(*redriven)}}));
                   });
}

}  // namespace pawl::api::states
