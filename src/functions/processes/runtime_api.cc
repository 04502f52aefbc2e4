// What processes ask at their doors (AWS Lambda, "Runtime API"):
//
//   GET  /2018-06-01/runtime/invocation/next
//   POST /2018-06-01/runtime/invocation/<id>/response
//   POST /2018-06-01/runtime/invocation/<id>/error
//   POST /2018-06-01/runtime/init/error
#include "base/text.h"
#include "functions/processes/host.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::functions::processes {
namespace {

constexpr std::string_view prefix = "/2018-06-01/runtime/";

void reply(Connection& connection, int status, const json::Value& body) {
  connection.answer(status, {{"Content-Type", "application/json"}}, json::write(body));
}

void confirm(Connection& connection) {
  reply(connection, 202, json::Value::object({{"status", "OK"}}));
}

void refuse(Connection& connection, int status, std::string_view type, std::string_view message) {
  reply(connection, status, json::Value::object({{"errorType", type}, {"errorMessage", message}}));
}

// As the process gives it; where it is no error as the service has them, it becomes one.
Answer error_of(const http::Request& request) {
  const auto body = json::parse(request.body);
  if (body && body->string_at("errorType"))
    return {.kind = Answer::Kind::error, .payload = request.body};
  const std::string_view type = request.header("Lambda-Runtime-Function-Error-Type");
  const auto message = body ? body->string_at("errorMessage") : std::nullopt;
  return error_answer(type.empty() ? "Runtime.UnknownReason" : type,
                      message.value_or(request.body));
}

}  // namespace

void Host::answer(Process& process, Connection& connection, const http::Request& request) {
  const std::string_view path = request.path;
  if (!path.starts_with(prefix)) {
    refuse(connection, 404, "NotFound", "there is nothing here");
    return;
  }
  const std::string_view what = path.substr(prefix.size());
  if (request.method == "GET" && what == "invocation/next") return answer_next(process, connection);
  if (request.method == "POST" && what == "init/error")
    return answer_init_error(process, connection, request);
  if (request.method == "POST" && what.starts_with("invocation/"))
    return answer_outcome(process, connection, request);
  refuse(connection, 404, "NotFound", "the operation is not offered");
}

void Host::answer_next(Process& process, Connection& connection) {
  using State = Process::State;
  if (process.state == State::busy || process.state == State::idle) {
    refuse(connection, 403, "InvalidStateTransition",
           "the event that came last has not been answered, or is waited for");
    return;
  }
  connection.waits_for_event = true;
  if (process.state != State::ending) take_next(process);
}

void Host::answer_outcome(Process& process, Connection& connection, const http::Request& request) {
  const auto words = split(std::string_view(request.path).substr(prefix.size()), '/');
  const bool is_known = words.size() == 3 && (words[2] == "response" || words[2] == "error");
  if (!is_known) {
    refuse(connection, 404, "NotFound", "the operation is not offered");
    return;
  }
  if (process.state != Process::State::busy || process.call->event.id != words[1]) {
    refuse(connection, 400, "InvalidRequestID", "no event of that id is to be answered");
    return;
  }
  if (connection.messages.is_too_large()) {
    constexpr std::string_view type = "Function.ResponseSizeTooLarge";
    constexpr std::string_view why =
        "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
    refuse(connection, 413, type, why);
    return complete(process, error_answer(type, why));
  }
  confirm(connection);
  complete(process, words[2] == "error"
                        ? error_of(request)
                        : Answer{.kind = Answer::Kind::result, .payload = request.body});
}

// The process ends by itself afterwards; where it does not, it is ended.
void Host::answer_init_error(Process& process, Connection& connection,
                             const http::Request& request) {
  if (process.state != Process::State::starting) {
    refuse(connection, 403, "InvalidStateTransition", "the initialisation is over");
    return;
  }
  confirm(connection);
  process.last_words = error_of(request);
  set_due(process, Steady::now() + settings_.grace);
}

}  // namespace pawl::functions::processes
