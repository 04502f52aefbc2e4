#include "api/lambda/lambda.h"
#include "base/text.h"
#include "json/parse.h"

namespace pawl::api::lambda {
namespace {

// The name in /2015-03-31/functions/{name}/invocations, which may be a whole ARN, percent-encoded.
std::string function_name(std::string_view path) {
  path.remove_suffix(std::string_view("/invocations").size());
  std::string name = http::decode_percent(path.substr(path.rfind('/') + 1));
  constexpr std::string_view kind = ":function:";
  const auto at = name.find(kind);
  if (at != name.npos) name.erase(0, at + kind.size());
  return name.substr(0, name.find(':'));
}

// Of a failed call: 200, with the failure as the payload and a header that says so.
http::Response failed_call(const asl::Failure& failure, const std::string& request_id) {
  auto response = respond(
      200, json::Value::object({{"errorMessage", failure.cause}, {"errorType", failure.error}}),
      request_id);
  response.headers.push_back({"X-Amz-Function-Error", "Unhandled"});
  return response;
}

http::Response answer_of(const asl::Outcome<json::Value>& outcome, const std::string& request_id) {
  auto response =
      outcome ? respond(200, *outcome, request_id) : failed_call(outcome.error(), request_id);
  response.headers.push_back({"X-Amz-Executed-Version", "$LATEST"});
  return response;
}

}  // namespace

void invoke(const Rooms& rooms, const http::Request& request, const std::string& request_id,
            const http::Responder& responder) {
  const std::string name = function_name(request.path);
  if (rooms.functions.registry().find(name) == nullptr)
    return responder(
        fail(404, "ResourceNotFoundException", concat("Function not found: ", name), request_id));
  auto event =
      request.body.empty() ? Result<json::Value>(json::Value::object()) : json::parse(request.body);
  if (!event)
    return responder(fail(
        400, "InvalidRequestContentException",
        concat("Could not parse request body into json: ", event.error().message()), request_id));
  const auto type = request.header("X-Amz-Invocation-Type");
  if (type == "DryRun") return responder({.status = 204, .headers = {}, .body = {}});
  if (type == "Event")
    return responder(fail(400, "InvalidParameterValueException",
                          "asynchronous invocation is not offered; start an execution instead",
                          request_id));
  rooms.functions.invoke(name, *std::move(event),
                         [responder, request_id](asl::Outcome<json::Value> outcome) {
                           responder(answer_of(outcome, request_id));
                         });
}

}  // namespace pawl::api::lambda
