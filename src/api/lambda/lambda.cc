#include "api/lambda/lambda.h"

#include <algorithm>
#include <vector>

#include "api/lambda/operation.h"
#include "api/rest.h"
#include "base/text.h"
#include "json/initials.h"
#include "json/parse.h"

namespace pawl::api::lambda {
namespace {

using json::Value;

constexpr std::string_view nouns[] = {"functions", "layers",           "event-source-mappings",
                                      "tags",      "account-settings", "code-signing-configs"};
constexpr std::string_view of_users[] = {"variables", "tags"};

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

void perform(const Operation& operation, const Asked& asked, const http::Responder& responder) {
  const auto reply = operation.action(asked);
  if (reply) return responder(respond(reply->status, reply->body, asked.request_id));
  const auto error = service_error(reply.error());
  log_own_fault(operation.name, reply.error(), error);
  responder(fail(error, asked.request_id));
}

aws::ServiceError known_only(const Operation& operation) {
  return {"UnknownOperationException",
          concat("the operation Lambda.", operation.name, " is not offered"), 404};
}

}  // namespace

std::string Asked::query(std::string_view name) const {
  for (auto& pair : http::query_pairs(request.query))
    if (pair.name == name) return std::move(pair.value);
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
    return responder(
        fail({"AccessDeniedException", "pages of other places may not use this server", 403},
             request_id));
  Asked asked{rooms, std::move(request), request_id, {}, Value::object()};
  const auto pieces = pieces_of(asked.request.path);
  if (pieces.size() > 3 && pieces[2] == "functions") {
    const auto target = functions::parse_target(http::decode_percent(pieces[3]));
    if (!target)
      return responder(fail(
          {"InvalidParameterValueException", concat("this is no name of a function: ", pieces[3])},
          request_id));
    asked.function = *target;
    const std::string qualifier = asked.query("Qualifier");
    if (!qualifier.empty()) asked.function.version = qualifier;
  }
  const bool is_invoke = asked.request.method == "POST" && pieces.size() == 5 &&
                         pieces[4] == "invocations" && pieces[2] == "functions";
  if (is_invoke) return invoke(asked, responder);
  const Operation* operation = operation_of(asked.request);
  if (!operation) return responder(fail(not_offered(asked.request), request_id));
  if (!operation->action) return responder(fail(known_only(*operation), request_id));
  if (!asked.request.body.empty()) {
    const auto input = json::parse(asked.request.body);
    if (!input || !input->is_object())
      return responder(
          fail({"InvalidRequestContentException", "Could not parse request body into json"},
               request_id));
    asked.input = with_initials(*input, json::Initial::small, of_users);
  }
  const auto work = [operation, asked = std::move(asked), responder] {
    perform(*operation, asked, responder);
  };
  auto* host = rooms.functions.host();
  if (!operation->is_slow || !host) return work();
  const auto refuse = [request_id, responder] {
    responder(fail(server_is_stopping(), request_id));
  };
  operation->unpacks ? host->unpack_later(work, refuse) : host->do_later(work, refuse);
}

http::Response fail(const aws::ServiceError& error, const std::string& request_id) {
  return respond_with_error(error, Value::object({{"Type", "User"}, {"Message", error.message}}),
                            request_id);
}

}  // namespace pawl::api::lambda
