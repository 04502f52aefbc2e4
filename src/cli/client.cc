#include "cli/client.h"

#include "aws/signature.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::cli {
namespace {

// Longer than any function of the server may run.
constexpr Duration invoke_limit = hours(2);

std::string error_name(const json::Value& body) {
  const std::string type =
      body.string_at("__type").value_or(body.string_at("errorType").value_or(""));
  return type.substr(type.rfind('#') + 1);
}

std::string error_message(const json::Value& body) {
  for (const char* member : {"message", "Message", "errorMessage"}) {
    if (auto text = body.string_at(member)) return *text;
  }
  return {};
}

std::string_view hint_for(ErrorCode code, std::string_view name, std::string_view message) {
  if (name.starts_with("StateMachineDoesNotExist"))
    return "`pawl machine list` shows what there is.";
  if (name.starts_with("ExecutionDoesNotExist"))
    return "`pawl execution list` shows what there is.";
  if (name == "JobDoesNotExist") return "`pawl batch list` shows what there is.";
  if (name.starts_with("ExecutionAlreadyExists"))
    return "A name is used once; give another with --name.";
  if (message.starts_with("JobDefinition "))
    return "`aws batch describe-job-definitions --status ACTIVE` shows what there is.";
  if (message.starts_with("JobQueue ")) return "`pawl queue list` shows what there is.";
  if (name == "Restore.TargetBusy") return "`pawl restore list` shows what runs.";
  if (name.starts_with("MissingAuthenticationToken"))
    return "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to a key of the server's.";
  if (name == "ResourceNotFoundException")
    return message.starts_with("Schedule ") ? "`pawl schedule list` shows what there is."
                                            : "The server has no such function.";
  return code == ErrorCode::unavailable ? "The server's log says more." : "";
}

// The service has one name for all of a caller's mistakes; what they are its words say.
ErrorCode meaning_of_client_exception(std::string_view message) {
  const auto has = [&](std::string_view piece) { return message.find(piece) != message.npos; };
  if (has("does not exist") || has("not found")) return ErrorCode::not_found;
  if (has("already exists") || has("Cannot delete") || has("has not failed") ||
      has("Dependent Job failed"))
    return ErrorCode::conflict;
  return ErrorCode::invalid_argument;
}

Error service_failure(std::string name, const std::string& message, int status) {
  ErrorCode code = name.empty() ? ErrorCode::failed : meaning(name);
  if (name.empty()) name = concat("HTTP status ", status);
  const bool is_of_batch = name == "ClientException";
  if (is_of_batch) code = meaning_of_client_exception(message);
  if (status == 503) code = ErrorCode::unavailable;
  // The server's own hint, where it has one, knows more than ours; it is written behind the
  // message.
  constexpr std::string_view mark = "; hint: ";
  const size_t at = message.find(mark);
  std::string hint = at == message.npos ? std::string(hint_for(code, name, message))
                                        : message.substr(at + mark.size());
  const std::string what = message.substr(0, at);
  // The names of our own functions' errors are for workflows; to people their words say the same.
  const bool is_plain = (is_of_batch || name == "JobDoesNotExist" || name.starts_with("Restore.") ||
                         name.starts_with("Arrays.")) &&
                        !what.empty();
  return Error(code, is_plain ? what : concat(name, what.empty() ? "" : ": ", what),
               std::move(hint));
}

// Why the service lets no call of a function in now: its name for that is not for people.
Error throttled(std::string_view function, std::string_view reason) {
  const bool is_reserved = reason == "ReservedFunctionConcurrentInvocationLimitExceeded";
  const std::string_view limit =
      is_reserved ? " run as are reserved for it" : " and others run as may run at once";
  return Error(ErrorCode::limit_exceeded,
               concat("TooManyRequestsException: as many calls of ", function, limit),
               is_reserved ? concat("`pawl function update ", function,
                                    " --reserved N` reserves more, --reserved none lifts it.")
                           : std::string("functions.concurrency in the server's configuration "
                                         "says how many, less what is reserved for others."));
}

Error unreachable(const Error& error, const std::string& url) {
  // The reason begins with the place, which has been said.
  std::string reason = error.message();
  if (reason.starts_with(url)) reason = trim(std::string_view(reason).substr(url.size() + 1));
  return Error(error.code(), concat("no answer from the server at ", url, ": ", reason),
               "Start it with `pawl serve`, or name another with --server or PAWL_SERVER.");
}

// What an operation answers, or its error: named by a header in REST, and in the body elsewhere.
Result<json::Value> answered(const http::Response& response, std::string_view target) {
  auto body = json::parse(response.body.empty() ? "{}" : std::string_view(response.body));
  if (response.status == 200) {
    if (!body) return std::move(body).error().within(concat("the answer to ", target));
    return *std::move(body);
  }
  const json::Value shown = body ? *body : json::Value::object();
  const std::string named(response.header("x-amzn-ErrorType"));
  return service_failure(named.empty() ? error_name(shown) : named, error_message(shown),
                         response.status);
}

}  // namespace

ErrorCode meaning(std::string_view name) {
  const auto has = [&](std::string_view piece) { return name.find(piece) != name.npos; };
  if (has("DoesNotExist") || has("NotFound")) return ErrorCode::not_found;
  if (has("AlreadyExists") || has("Conflict") || has("TargetBusy") || has("PortTaken") ||
      has("NotRedrivable")) {
    return ErrorCode::conflict;
  }
  if (has("AccessDenied") || has("PermissionDenied") || has("MissingAuthentication") ||
      has("Signature") || has("UnrecognizedClient")) {
    return ErrorCode::permission_denied;
  }
  if (has("Invalid") || has("Validation") || has("Serialization")) {
    return ErrorCode::invalid_argument;
  }
  if (has("UnknownOperation")) return ErrorCode::unsupported;
  if (has("Throttling") || has("TooManyRequests") || has("LimitExceeded")) {
    return ErrorCode::limit_exceeded;
  }
  if (has("OutOfSpace")) return ErrorCode::out_of_space;
  if (name == "ServiceUnavailable") return ErrorCode::unavailable;
  return ErrorCode::failed;
}

Client::Client(std::string url, std::optional<aws::Credentials> credentials)
    : url_(std::move(url)), credentials_(std::move(credentials)) {
  while (url_.ends_with('/')) url_.pop_back();
  if (url_.find("://") == url_.npos) url_ = "http://" + url_;
}

Result<http::Response> Client::send(http::ClientRequest request, std::string_view service) const {
  if (credentials_) {
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const std::string region = aws::region_of_environment("us-east-1");
    aws::sign(request, *credentials_, {{}, region, std::string(service)}, now);
  }
  auto response = http::send(request);
  if (!response) return unreachable(response.error(), url_);
  return response;
}

Result<json::Value> Client::call(std::string_view target, const json::Value& input) const {
  return answered(TRY(send({.method = "POST",
                            .url = url_ + "/",
                            .headers = {{"Content-Type", "application/x-amz-json-1.0"},
                                        {"X-Amz-Target", std::string(target)}},
                            .body = json::write(input),
                            .limit = limit},
                           "states")),
                  target);
}

Result<json::Value> Client::batch(std::string_view operation, const json::Value& input) const {
  return answered(TRY(send({.method = "POST",
                            .url = concat(url_, "/v1/", lower(operation)),
                            .headers = {{"Content-Type", "application/json"}},
                            .body = json::write(input),
                            .limit = limit},
                           "batch")),
                  operation);
}

Result<json::Value> Client::call(const Lambda& operation) const {
  const auto response =
      TRY(send({.method = std::string(operation.method),
                .url = concat(url_, operation.path),
                .headers = {{"Content-Type", "application/json"}},
                .body = operation.input.is_null() ? "" : json::write(operation.input),
                .limit = limit},
               "lambda"));
  auto body = json::parse(response.body.empty() ? "{}" : std::string_view(response.body));
  if (response.status >= 300) {
    const json::Value shown = body ? *body : json::Value::object();
    return service_failure(std::string(response.header("x-amzn-errortype")), error_message(shown),
                           response.status);
  }
  if (!body) return std::move(body).error().within(concat("the answer to ", operation.path));
  return *std::move(body);
}

Result<Client::Ended> Client::call_function(std::string_view function,
                                            const json::Value& event) const {
  const auto response = TRY(send({.method = "POST",
                                  .url = concat(url_, "/2015-03-31/functions/",
                                                http::encode_percent(function), "/invocations"),
                                  .headers = {{"Content-Type", "application/json"}},
                                  .body = json::write(event),
                                  .limit = invoke_limit},
                                 "lambda"));
  auto body = json::parse(response.body.empty() ? "null" : std::string_view(response.body));
  if (response.status == 200) {
    if (!body) return std::move(body).error().within(concat("the answer of ", function));
    return Ended{*std::move(body), !response.header("X-Amz-Function-Error").empty()};
  }
  const json::Value shown = body ? *body : json::Value::object();
  if (const auto reason = shown.string_at("Reason")) return throttled(function, *reason);
  const std::string_view type = response.header("x-amzn-ErrorType");
  const std::string name(type.substr(0, type.find(':')));
  return service_failure(name.empty() ? error_name(shown) : name, error_message(shown),
                         response.status);
}

Result<json::Value> Client::invoke(std::string_view function, const json::Value& event) const {
  Ended ended = TRY(call_function(function, event));
  if (!ended.is_error) return std::move(ended.payload);
  return service_failure(error_name(ended.payload), error_message(ended.payload), 200);
}

Result<std::vector<json::Value>> Client::list(std::string_view target, json::Value input,
                                              std::string_view member, const WantsMore& wants_more,
                                              const See& see) const {
  std::vector<json::Value> all;
  while (true) {
    const json::Value page = TRY(call(target, input));
    if (see) see(page);
    const json::Value elements = page[member];
    if (!elements.is_array()) {
      return Error(ErrorCode::failed, concat("the answer to ", target, " has no ", member));
    }
    for (const json::Value& element : elements.elements()) {
      if (!wants_more(element)) return all;
      all.push_back(element);
    }
    const auto token = page.string_at("nextToken");
    if (!token || token->empty()) return all;
    input = input.with("nextToken", *token);
  }
}

}  // namespace pawl::cli
