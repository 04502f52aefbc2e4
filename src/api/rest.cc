#include "api/rest.h"

#include "base/log.h"
#include "base/text.h"
#include "json/write.h"
#include "world/repeated_lines.h"

namespace pawl::api {

http::Response respond(int status, const json::Value& body, const std::string& request_id) {
  http::Response response{.status = status, .headers = {{"x-amzn-RequestId", request_id}}};
  if (body.is_null()) return response;
  response.headers.push_back({"Content-Type", "application/json"});
  response.body = json::write(body);
  return response;
}

http::Response respond_with_error(const aws::ServiceError& error, const json::Value& body,
                                  const std::string& request_id) {
  auto response = respond(error.http_status, body, request_id);
  response.headers.push_back({"x-amzn-ErrorType", error.code});
  return response;
}

aws::ServiceError not_offered(const http::Request& request) {
  return {"UnknownOperationException",
          concat("the operation at ", request.method, " ", request.path, " is not offered"), 404};
}

void log_own_fault(std::string_view operation, const Error& error,
                   const aws::ServiceError& answered) {
  if (answered.http_status != 500) return;
  // Once the store has failed, it is the answer to everybody, as often as they ask.
  static world::RepeatedLines faults(minutes(1));
  const auto left_out = faults.admit(error.text(), std::chrono::steady_clock::now());
  if (!left_out) return;
  constexpr std::string_view message = "a request could not be answered";
  const LogField what{"operation", std::string(operation)}, why{"error", error.text()};
  if (*left_out == 0) return log(LogLevel::error, message, {what, why});
  log(LogLevel::error, message, {what, why, {"left_out", concat(*left_out)}});
}

}  // namespace pawl::api
