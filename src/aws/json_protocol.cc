#include "aws/json_protocol.h"

#include "json/parse.h"
#include "json/write.h"

namespace pawl::aws {
namespace {

http::Response respond(int status, const json::Value& body, std::string_view request_id) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/x-amz-json-1.0"},
                      {"x-amzn-RequestId", std::string(request_id)}};
  response.body = json::write(body);
  return response;
}

}  // namespace

Target target_of(const http::Request& request) {
  const auto text = request.header("X-Amz-Target");
  const auto dot = text.find('.');
  if (dot == text.npos) return {};
  return {text.substr(0, dot), text.substr(dot + 1)};
}

Result<json::Value> input_of(const http::Request& request) {
  if (request.body.empty()) return json::Value::object();
  auto input = json::parse(request.body);
  if (!input)
    return Error(ErrorCode::invalid_argument, "SerializationException: " + input.error().message());
  if (!input->is_object())
    return Error(ErrorCode::invalid_argument,
                 "SerializationException: the body is not a JSON object");
  return input;
}

http::Response success(const json::Value& output, std::string_view request_id) {
  return respond(200, output, request_id);
}

http::Response failure(const ServiceError& error, std::string_view request_id) {
  return respond(error.http_status,
                 json::Value::object({{"__type", error.code}, {"message", error.message}}),
                 request_id);
}

}  // namespace pawl::aws
