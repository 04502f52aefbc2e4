#include "functions/processes/answer.h"

#include "base/text.h"
#include "base/utf8.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::functions::processes {
namespace {

asl::Outcome<json::Value> result_of(const std::string& payload) {
  if (payload.empty()) return json::Value();
  auto value = json::parse(payload);
  if (value) return *std::move(value);
  return asl::Failure{"Lambda.Unknown",
                      "The answer of the function is no JSON: " + value.error().text()};
}

asl::Failure failure_of(const std::string& payload) {
  const auto value = json::parse(payload);
  const auto type = value ? value->string_at("errorType") : std::nullopt;
  if (type && !type->empty()) return {*type, payload};
  return {"Lambda.Unknown",
          concat("The cause could not be determined because Lambda did not return an error type. "
                 "Returned payload: ",
                 payload)};
}

}  // namespace

Answer error_answer(std::string_view type, std::string_view message) {
  // Either may be what the function has said, and that is bytes.
  const auto error = json::Value::object(
      {{"errorType", with_replacements(type)}, {"errorMessage", with_replacements(message)}});
  return {.kind = Answer::Kind::error, .payload = json::write(error)};
}

asl::Outcome<json::Value> outcome_of(const Answer& answer, const std::string& function_arn) {
  switch (answer.kind) {
    case Answer::Kind::result:
      return result_of(answer.payload);
    case Answer::Kind::error:
      return failure_of(answer.payload);
    case Answer::Kind::throttled:
      return asl::Failure{"Lambda.TooManyRequestsException", "Rate Exceeded."};
    case Answer::Kind::not_found:
      return asl::Failure{"Lambda.ResourceNotFoundException",
                          concat("Function not found: ", function_arn)};
    case Answer::Kind::stopping:
      break;
  }
  return asl::Failure{"Lambda.ServiceException", "The server is stopping."};
}

}  // namespace pawl::functions::processes
