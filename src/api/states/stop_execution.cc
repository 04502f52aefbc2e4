#include "api/fields.h"
#include "api/states/actions.h"

namespace pawl::api::states {
namespace {

struct Request {
  std::string arn, error, cause;
};

Result<Request> read(const json::Value& input) {
  Request request;
  request.arn = TRY(required_text(input, "executionArn", arn_characters_max));
  TRY(check_arn(request.arn, "execution"));
  request.error = TRY(bounded_text(input, "error", 256));
  request.cause = TRY(bounded_text(input, "cause", 32768));
  return request;
}

}  // namespace

void stop_execution(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  const auto request = read(input);
  if (!request) return answer(request.error());
  rooms.engine.stop_execution(
      request->arn, request->error, request->cause, [answer](Result<Instant> stopped) {
        if (!stopped) return answer(std::move(stopped).error());
        answer(json::Value::object({{"stopDate", epoch_seconds(*stopped)}}));
      });
}

}  // namespace pawl::api::states
