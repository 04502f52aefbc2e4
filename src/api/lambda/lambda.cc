#include "api/lambda/lambda.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "api/lambda/operation.h"
#include "base/log.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::api::lambda {
namespace {

using json::Value;

constexpr std::string_view nouns[] = {"functions", "layers",           "event-source-mappings",
                                      "tags",      "account-settings", "code-signing-configs"};

std::vector<std::string_view> pieces_of(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return split(path, '/');
}

// "2015-03-31": every operation is at the date of its version.
bool is_version(std::string_view piece) {
  return piece.size() == 10 && piece.starts_with("20") && piece[4] == '-' && piece[7] == '-';
}

bool matches(const Operation& operation, const std::vector<std::string_view>& pieces) {
  const auto wanted = split(operation.path, '/');
  return std::equal(wanted.begin(), wanted.end(), pieces.begin(), pieces.end(),
                    [](auto want, auto piece) { return want == "{}" || want == piece; });
}

const Operation* operation_of(const http::Request& request) {
  const auto pieces = pieces_of(request.path);
  for (const Operation& each : operations())
    if (each.method == request.method && matches(each, pieces)) return &each;
  return nullptr;
}

std::string with_small_initial(std::string name) {
  if (!name.empty()) name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
  return name;
}

// Two levels deep: what is below are the user's own names.
Value with_small_initials(const Value& value, int depth) {
  if (!value.is_object() || depth == 0) return value;
  Value::Object members;
  for (const auto& [name, each] : value.members())
    members.push_back({with_small_initial(name), with_small_initials(each, depth - 1)});
  return members;
}

// A page that someone has open in a browser may send requests here, and must not get functions run:
// a browser says where the page is from.
bool is_of_foreign_page(const http::Request& request) {
  std::string_view origin = request.header("Origin");
  if (origin.empty()) return false;
  const size_t scheme = origin.find("://");
  std::string_view host = scheme == origin.npos ? origin : origin.substr(scheme + 3);
  const auto is_at = [&](std::string_view name) {
    return host == name || (host.starts_with(name) && host[name.size()] == ':');
  };
  return !is_at("localhost") && !is_at("127.0.0.1") && !is_at("[::1]");
}

std::string_view name_of(const Error& error) {
  if (!error.kind().empty()) return error.kind();
  switch (error.code()) {
    case ErrorCode::not_found:
      return "ResourceNotFoundException";
    case ErrorCode::already_exists:
    case ErrorCode::conflict:
      return "ResourceConflictException";
    case ErrorCode::invalid_argument:
      return "InvalidParameterValueException";
    case ErrorCode::limit_exceeded:
      return "CodeStorageExceededException";
    default:
      return "ServiceException";
  }
}

int status_of(const Error& error) {
  if (error.kind() == "PreconditionFailedException") return 412;
  switch (error.code()) {
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::already_exists:
    case ErrorCode::conflict:
      return 409;
    case ErrorCode::invalid_argument:
    case ErrorCode::limit_exceeded:
    case ErrorCode::unsupported:
      return 400;
    case ErrorCode::permission_denied:
      return 403;
    default:
      return 500;
  }
}

// The checks of shapes put the name of their error before the message.
http::Response refusal(const Operation& operation, const Error& error, const std::string& id) {
  const int status = status_of(error);
  if (status == 500)
    log(LogLevel::error, "a request could not be answered",
        {{"operation", std::string(operation.name)}, {"error", error.text()}});
  const std::string text = error.text();
  for (const std::string_view name : {"ValidationException", "SerializationException"}) {
    const std::string mark = concat(name, ": ");
    if (text.starts_with(mark)) return fail(400, name, text.substr(mark.size()), id);
  }
  return fail(status, name_of(error), text, id);
}

void perform(const Operation& operation, const Asked& asked, const http::Responder& responder) {
  const auto reply = operation.action(asked);
  if (!reply) return responder(refusal(operation, reply.error(), asked.request_id));
  if (!reply->body.is_null())
    return responder(respond(reply->status, reply->body, asked.request_id));
  responder({.status = reply->status, .headers = {{"x-amzn-RequestId", asked.request_id}}});
}

void refuse_unknown(const http::Request& request, const Operation* operation,
                    const std::string& request_id, const http::Responder& responder) {
  const std::string what = operation
                               ? concat("the operation Lambda.", operation->name)
                               : concat("the operation at ", request.method, " ", request.path);
  responder(fail(404, "UnknownOperationException", concat(what, " is not offered"), request_id));
}

}  // namespace

std::string Asked::query(std::string_view name) const {
  for (const std::string_view pair : split(request.query, '&'))
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
      return http::decode_percent(pair.substr(name.size() + 1));
  return {};
}

bool takes(const http::Request& request) {
  const auto pieces = pieces_of(request.path);
  return pieces.size() >= 3 && pieces[0].empty() && is_version(pieces[1]) &&
         std::find(std::begin(nouns), std::end(nouns), pieces[2]) != std::end(nouns);
}

void handle(const Rooms& rooms, http::Request request, const std::string& request_id,
            const http::Responder& responder) {
  if (is_of_foreign_page(request))
    return responder(fail(403, "AccessDeniedException",
                          "pages of other places may not use this server", request_id));
  const auto pieces = pieces_of(request.path);
  Asked asked{rooms, std::move(request), request_id, {}, Value::object()};
  if (pieces.size() > 3 && pieces[2] == "functions") {
    const auto target = functions::parse_target(http::decode_percent(pieces[3]));
    if (!target)
      return responder(fail(400, "InvalidParameterValueException",
                            concat("this is no name of a function: ", pieces[3]), request_id));
    asked.function = *target;
    const std::string qualifier = asked.query("Qualifier");
    if (!qualifier.empty()) asked.function.version = qualifier;
  }
  const bool is_invoke = asked.request.method == "POST" && pieces.size() == 5 &&
                         pieces[4] == "invocations" && pieces[2] == "functions";
  if (is_invoke) return invoke(asked, responder);
  const Operation* operation = operation_of(asked.request);
  if (!operation || !operation->action)
    return refuse_unknown(asked.request, operation, request_id, responder);
  if (!asked.request.body.empty()) {
    const auto input = json::parse(asked.request.body);
    if (!input || !input->is_object())
      return responder(fail(400, "InvalidRequestContentException",
                            "Could not parse request body into json", request_id));
    asked.input = with_small_initials(*input, 2);
  }
  const auto work = [operation, asked = std::move(asked), responder] {
    perform(*operation, asked, responder);
  };
  auto* host = rooms.functions.host();
  if (!operation->is_slow || !host) return work();
  if (!host->do_later(work))
    responder(fail(503, "ServiceException", "the server is stopping", request_id));
}

http::Response respond(int status, const Value& body, const std::string& request_id) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}, {"x-amzn-RequestId", request_id}};
  response.body = json::write(body);
  return response;
}

http::Response fail(int status, std::string_view code, std::string_view message,
                    const std::string& request_id) {
  auto response =
      respond(status, Value::object({{"Type", "User"}, {"Message", message}}), request_id);
  response.headers.push_back({"x-amzn-ErrorType", std::string(code)});
  return response;
}

}  // namespace pawl::api::lambda
