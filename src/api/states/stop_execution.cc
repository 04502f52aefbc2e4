#include "api/fields.h"
#include "api/states/actions.h"

namespace pawl::api::states {
namespace {

void stop(const Rooms& rooms, const json::Value& input, const Result<std::string>& arn,
          const Answer& answer) {
  if (!arn) return answer(arn.error());
  rooms.engine.stop_execution(
      *arn, text_of(input, "error"), text_of(input, "cause"), [answer](Result<Instant> stopped) {
        if (!stopped) return answer(std::move(stopped).error());
        answer(json::Value::object({{"stopDate", epoch_seconds(*stopped)}}));
      });
}

}  // namespace

void stop_execution(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  stop(rooms, input, execution_arn_of(input), answer);
}

void stop_any_execution(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  stop(rooms, input, any_execution_arn_of(input), answer);
}

}  // namespace pawl::api::states
