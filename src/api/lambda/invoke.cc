#include "api/lambda/lambda.h"
#include "api/lambda/operation.h"
#include "api/rest.h"
#include "base/hash.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::api::lambda {
namespace {

using functions::processes::Answer;
using json::Value;

constexpr size_t payload_bytes_max = 6 << 20;

http::Response with_payload(std::string payload, bool is_error, const std::string& request_id) {
  http::Response response{.status = 200,
                          .headers = {{"Content-Type", "application/json"},
                                      {"x-amzn-RequestId", request_id},
                                      {"X-Amz-Executed-Version", "$LATEST"}},
                          .body = std::move(payload)};
  if (is_error) response.headers.push_back({"X-Amz-Function-Error", "Unhandled"});
  return response;
}

// Of a built-in function. A failed call: 200, with the failure as the payload and a header that
// says so.
http::Response answer_of(const asl::Outcome<Value>& outcome, const std::string& request_id) {
  if (outcome) return with_payload(json::write(*outcome), false, request_id);
  const asl::Failure& failure = outcome.error();
  return with_payload(
      json::write(Value::object({{"errorMessage", failure.cause}, {"errorType", failure.error}})),
      true, request_id);
}

http::Response throttled(functions::processes::Throttle throttle, const std::string& request_id) {
  const aws::ServiceError error{"TooManyRequestsException", "Rate Exceeded.", 429};
  return respond_with_error(error,
                            Value::object({{"Reason", functions::processes::reason(throttle)},
                                           {"Type", "User"},
                                           {"message", error.message}}),
                            request_id);
}

http::Response answer_of(const Asked& asked, Answer answer) {
  const std::string& id = asked.request_id;
  switch (answer.kind) {
    case Answer::Kind::throttled:
      return throttled(answer.throttle, id);
    case Answer::Kind::not_found:
      return fail(service_error(not_found(asked)), id);
    case Answer::Kind::stopping:
      return fail(server_is_stopping(), id);
    case Answer::Kind::result:
    case Answer::Kind::error:
      break;
  }
  auto response = with_payload(std::move(answer.payload), answer.kind == Answer::Kind::error, id);
  if (asked.request.header("X-Amz-Log-Type") == "Tail")
    response.headers.push_back({"X-Amz-Log-Result", base64(answer.log_tail)});
  return response;
}

void invoke_later(const Asked& asked, functions::processes::Event event,
                  const http::Responder& responder) {
  auto* host = asked.rooms.functions.host();
  const auto refuse = [id = asked.request_id, responder] {
    responder(fail(server_is_stopping(), id));
  };
  if (!host) return refuse();
  const auto work = [host, asked, event = std::move(event), responder] {
    const auto accepted = host->accept(asked.function.name, event);
    if (accepted) return responder(respond(202, Value::object(), asked.request_id));
    const auto error = service_error(accepted.error());
    log_own_fault("Invoke", accepted.error(), error);
    responder(fail(error, asked.request_id));
  };
  host->do_later(work, refuse);
}

void invoke_built_in(const Asked& asked, const http::Responder& responder) {
  auto event =
      asked.request.body.empty() ? Result<Value>(Value::object()) : json::parse(asked.request.body);
  asked.rooms.functions.invoke(asked.function.name, *std::move(event),
                               [responder, id = asked.request_id](asl::Outcome<Value> outcome) {
                                 responder(answer_of(outcome, id));
                               });
}

// Whether the call can be made at all; else why not.
std::optional<aws::ServiceError> obstacle(const Asked& asked, bool is_built_in) {
  const auto wrong = [](std::string message) { return service_error(invalid_parameter(message)); };
  const std::string& body = asked.request.body;
  const std::string_view type = asked.request.header("X-Amz-Invocation-Type");
  const bool is_there =
      asked.function.version == "$LATEST" && asked.rooms.functions.knows(asked.function.name);
  if (!is_there) return service_error(not_found(asked));
  if (body.size() > payload_bytes_max && !is_built_in)
    return aws::ServiceError{"RequestTooLargeException",
                             concat("Request must be smaller than ", payload_bytes_max,
                                    " bytes for the InvokeFunction operation"),
                             413};
  if (const auto event = body.empty() ? Result<Value>(Value()) : json::parse(body); !event)
    return aws::ServiceError{
        "InvalidRequestContentException",
        concat("Could not parse request body into json: ", event.error().message())};
  if (!type.empty() && type != "RequestResponse" && type != "Event" && type != "DryRun")
    return wrong(concat("the invocation type ", type, " is not known"));
  if (type == "Event" && is_built_in)
    return wrong(
        "asynchronous invocation of built-in functions is not offered; start an execution instead");
  return std::nullopt;
}

}  // namespace

void invoke(const Asked& asked, const http::Responder& responder) {
  const bool is_built_in = asked.rooms.functions.registry().find(asked.function.name) != nullptr;
  if (const auto refused = obstacle(asked, is_built_in))
    return responder(fail(*refused, asked.request_id));
  const std::string_view type = asked.request.header("X-Amz-Invocation-Type");
  if (type == "DryRun") return responder(respond(204, Value(), asked.request_id));
  if (is_built_in) return invoke_built_in(asked, responder);
  functions::processes::Event event{
      .id = asked.request_id, .payload = asked.request.body.empty() ? "{}" : asked.request.body};
  const std::string_view context = asked.request.header("X-Amz-Client-Context");
  if (!context.empty()) {
    // Written anew, so that it is one line.
    const auto given = parse_base64(context, event.client_context)
                           ? json::parse(event.client_context)
                           : Result<Value>(invalid_parameter(""));
    if (!given)
      return responder(fail({"InvalidRequestContentException",
                             "Client context must be a valid Base64-encoded JSON object."},
                            asked.request_id));
    event.client_context = json::write(*given);
  }
  if (type == "Event") return invoke_later(asked, std::move(event), responder);
  asked.rooms.functions.host()->invoke(
      asked.function.name, std::move(event),
      [asked, responder](Answer answer) { responder(answer_of(asked, std::move(answer))); });
}

std::string arn_of(const Asked& asked) {
  const auto& options = asked.rooms.engine.options();
  return concat("arn:aws:lambda:", options.region, ":", options.account,
                ":function:", asked.function.name);
}

Result<functions::processes::Host*> host_of(const Asked& asked) {
  if (auto* host = asked.rooms.functions.host()) return host;
  return Error(ErrorCode::unsupported, "this server runs built-in functions only");
}

Result<std::shared_ptr<const functions::processes::Definition>> changeable(const Asked& asked) {
  auto* host = TRY(host_of(asked));
  if (asked.rooms.functions.registry().find(asked.function.name))
    return Error(ErrorCode::invalid_argument,
                 concat("the function ", asked.function.name, " is built in and stays as it is"));
  auto definition = asked.function.version == "$LATEST" ? host->find(asked.function.name) : nullptr;
  if (!definition) return not_found(asked);
  return definition;
}

}  // namespace pawl::api::lambda
