#include "api/batch/batch.h"

#include <algorithm>

#include "api/batch/call.h"
#include "aws/json_protocol.h"
#include "aws/service_error.h"
#include "base/log.h"
#include "base/text.h"
#include "batch/job_loop.h"
#include "json/write.h"

namespace pawl::api::batch {
namespace {

using json::Value;

constexpr std::string_view prefix = "/v1/", tags_prefix = "/v1/tags/";

http::Response respond(int status, const Value& body, const std::string& request_id) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}, {"x-amzn-RequestId", request_id}};
  response.body = json::write(body);
  return response;
}

// The service knows two errors, beside those of its front end.
aws::ServiceError service_error(const Error& error) {
  auto known = aws::service_error(error);
  if (known.code == "SerializationException") known.code = "ClientException";
  if (known.code == "InternalFailure") known.code = "ServerException";
  return known;
}

// In lower case, as paths have it.
const Operation* operation_named(std::string_view name) {
  const auto rows = operations();
  const auto row =
      std::ranges::find(rows, name, [](const Operation& each) { return lower(each.name); });
  return row == rows.end() ? nullptr : &*row;
}

const Operation* operation_of(const http::Request& request) {
  if (request.path.starts_with(tags_prefix)) {
    if (request.method == "GET") return operation_named("listtagsforresource");
    if (request.method == "POST") return operation_named("tagresource");
    return request.method == "DELETE" ? operation_named("untagresource") : nullptr;
  }
  const auto name = std::string_view(request.path).substr(prefix.size());
  const bool is_of_tags = name.ends_with("resource");
  return request.method == "POST" && !is_of_tags ? operation_named(name) : nullptr;
}

// What a tags request says in its path and query.
Value with_resource(Value input, const http::Request& request) {
  if (!request.path.starts_with(tags_prefix)) return input;
  input =
      input.with("resourceArn",
                 http::decode_percent(std::string_view(request.path).substr(tags_prefix.size())));
  if (request.method != "DELETE") return input;
  constexpr std::string_view key = "tagKeys=";
  Value::Array keys;
  for (const std::string_view piece : split(request.query, '&'))
    if (piece.starts_with(key)) keys.push_back(http::decode_percent(piece.substr(key.size())));
  return input.with("tagKeys", std::move(keys));
}

Result<Value> input_for(const Operation& operation, const http::Request& request) {
  return checked(with_resource(TRY(aws::input_of(request)), request), operation.shape);
}

}  // namespace

bool takes(const http::Request& request) { return request.path.starts_with(prefix); }

http::Response fail(const aws::ServiceError& error, const std::string& request_id) {
  auto response =
      respond(error.http_status, Value::object({{"message", error.message}}), request_id);
  response.headers.push_back({"x-amzn-ErrorType", error.code});
  return response;
}

void handle(const Rooms& rooms, const http::Request& request, const std::string& request_id,
            const http::Responder& responder) {
  const Operation* operation = operation_of(request);
  if (operation == nullptr)
    return responder(fail(
        {"UnknownOperationException",
         concat("the operation at ", request.method, " ", request.path, " is not offered"), 404},
        request_id));
  auto input = input_for(*operation, request);
  if (!input) return responder(fail(service_error(input.error()), request_id));
  const auto& options = rooms.engine.options();
  const Place place{options.region, options.account, rooms.is_strict,
                    rooms.jobs.has_executor("slurm")};
  rooms.jobs.ask<Value>(
      [operation, place, input = *std::move(input), fresh_id = world::make_uuid(rooms.random)](
          jobs::Jobs& jobs, Instant now) {
        return operation->action({jobs, now, input, place, fresh_id});
      },
      [operation, request_id, responder](const Result<Value>& output) {
        if (output) return responder(respond(200, *output, request_id));
        const auto error = service_error(output.error());
        if (error.http_status == 500)
          log(LogLevel::error, "a request could not be answered",
              {{"operation", std::string(operation->name)}, {"error", output.error().text()}});
        responder(fail(error, request_id));
      });
}

}  // namespace pawl::api::batch
