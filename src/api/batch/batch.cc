#include "api/batch/batch.h"

#include <algorithm>

#include "api/batch/call.h"
#include "api/rest.h"
#include "aws/json_protocol.h"
#include "base/text.h"
#include "batch/job_loop.h"

namespace pawl::api::batch {
namespace {

using json::Value;

constexpr std::string_view prefix = "/v1/", tags_prefix = "/v1/tags/";

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
  Value::Array keys;
  for (auto& [name, value] : http::query_pairs(request.query))
    if (name == "tagKeys") keys.push_back(std::move(value));
  return input.with("tagKeys", std::move(keys));
}

Result<Value> input_for(const Operation& operation, const http::Request& request) {
  return checked(with_resource(TRY(aws::input_of(request)), request), operation.shape);
}

}  // namespace

bool takes(const http::Request& request) { return request.path.starts_with(prefix); }

http::Response fail(const aws::ServiceError& error, const std::string& request_id) {
  return respond_with_error(error, Value::object({{"message", error.message}}), request_id);
}

void handle(const Rooms& rooms, http::Request request, const std::string& request_id,
            const http::Responder& responder) {
  const Operation* operation = operation_of(request);
  if (operation == nullptr) return responder(fail(not_offered(request), request_id));
  auto input = input_for(*operation, request);
  if (!input) return responder(fail(service_error(input.error()), request_id));
  rooms.jobs.ask<Value>(
      [operation, place = place_of(rooms), input = *std::move(input),
       fresh_id = world::make_uuid(rooms.random)](jobs::Jobs& jobs, Instant now) {
        return operation->action({jobs, now, input, place, fresh_id});
      },
      [operation, request_id, responder](const Result<Value>& output) {
        if (output) return responder(respond(200, *output, request_id));
        const auto error = service_error(output.error());
        log_own_fault(operation->name, output.error(), error);
        responder(fail(error, request_id));
      });
}

Place place_of(const Rooms& rooms) {
  const auto& options = rooms.engine.options();
  return {options.region, options.account, rooms.is_strict, rooms.jobs.has_executor("slurm")};
}

Result<Value> perform(std::string_view operation, const Call& call) {
  const Operation& row = *operation_named(lower(operation));
  const Value input = TRY(checked(call.input, row.shape));
  return row.action({call.jobs, call.now, input, call.place, call.fresh_id, call.client_token});
}

pawl::batch::Submit submitting(bool is_strict) {
  return [is_strict](jobs::Jobs& jobs, const Value& input, const jobs::Submitter& submitter,
                     Instant now) {
    const Place place{submitter.region, submitter.account, is_strict};
    return perform("SubmitJob", {jobs, now, input, place, submitter.id, submitter.client_token});
  };
}

}  // namespace pawl::api::batch
