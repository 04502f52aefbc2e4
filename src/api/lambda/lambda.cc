#include "api/lambda/lambda.h"

#include "base/text.h"
#include "json/write.h"

namespace pawl::api::lambda {
namespace {

constexpr std::string_view prefix = "/2015-03-31/functions";

}  // namespace

bool takes(const http::Request& request) { return request.path.starts_with(prefix); }

void handle(const Rooms& rooms, const http::Request& request, const std::string& request_id,
            const http::Responder& responder) {
  if (request.method == "POST" && request.path.ends_with("/invocations"))
    return invoke(rooms, request, request_id, responder);
  const bool is_list = request.path == prefix || request.path == concat(prefix, "/");
  if (request.method == "GET" && is_list) return list_functions(rooms, request_id, responder);
  responder(fail(404, "UnknownOperationException",
                 concat("the operation at ", request.method, " ", request.path,
                        " is not offered: functions are built in"),
                 request_id));
}

http::Response respond(int status, const json::Value& body, const std::string& request_id) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}, {"x-amzn-RequestId", request_id}};
  response.body = json::write(body);
  return response;
}

http::Response fail(int status, std::string_view code, std::string_view message,
                    const std::string& request_id) {
  auto response =
      respond(status, json::Value::object({{"Type", "User"}, {"Message", message}}), request_id);
  response.headers.push_back({"x-amzn-ErrorType", std::string(code)});
  return response;
}

}  // namespace pawl::api::lambda
