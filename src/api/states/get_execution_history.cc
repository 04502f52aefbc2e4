#include <algorithm>

#include "api/fields.h"
#include "api/states/actions.h"
#include "base/text.h"

namespace pawl::api::states {
namespace {

using execution::HistoryEvent;
using json::Value;

// The members of event details that hold data of the execution, left out where the request says
// includeExecutionData false.
constexpr std::string_view data_members[] = {"input", "output", "parameters"};

Value to_json(const HistoryEvent& event, bool with_data) {
  Value::Object members = {{"timestamp", epoch_seconds(event.timestamp)},
                           {"type", event.type},
                           {"id", event.id},
                           {"previousEventId", event.previous_id}};
  if (!event.details_name.empty()) {
    Value details = event.details;
    for (const auto name : data_members)
      if (!with_data && details.find(name) != nullptr) details = details.without(name);
    members.push_back({event.details_name, std::move(details)});
  }
  return members;
}

struct Request {
  std::string arn;
  size_t size_max, from = 0;
  bool is_reverse, with_data;
};

// A token is the id of the last event shown: a running execution only grows behind it, and in
// reverse order what came since is not shown twice.
Result<size_t> read_token(const std::string& token) {
  if (token.empty()) return size_t(0);
  const auto number = parse_integer(token);
  if (!number || *number < 0)
    return Error(ErrorCode::invalid_argument, concat("InvalidToken: Invalid Token: '", token, "'"));
  return static_cast<size_t>(*number);
}

Result<Request> read(const Value& input, Result<std::string> arn) {
  Request request;
  request.arn = TRY(std::move(arn));
  request.size_max = page_of(input).size_max;
  request.is_reverse = input.boolean_at("reverseOrder").value_or(false);
  request.with_data = input.boolean_at("includeExecutionData").value_or(true);
  request.from = TRY(read_token(text_of(input, "nextToken")));
  return request;
}

// One event more than the page holds tells whether there is a next one.
execution::HistoryWindow window_of(const Request& request) {
  execution::HistoryWindow window;
  window.most = request.size_max + 1;
  window.is_newest = request.is_reverse;
  if (!request.is_reverse) window.from = static_cast<int64_t>(request.from) + 1;
  if (request.is_reverse && request.from > 0) window.before = static_cast<int64_t>(request.from);
  return window;
}

Result<Value> page(engine::Engine& engine, const Value& input, Result<std::string> arn) {
  const auto request = TRY(read(input, std::move(arn)));
  auto events = TRY(engine.history(request.arn, window_of(request)));
  if (request.is_reverse) std::reverse(events.begin(), events.end());
  const bool has_more = events.size() > request.size_max;
  if (has_more) events.resize(request.size_max);
  Value::Array shown;
  for (const auto& event : events) shown.push_back(to_json(event, request.with_data));
  auto output = Value::object({{"events", std::move(shown)}});
  return has_more ? output.with("nextToken", concat(events.back().id)) : output;
}

}  // namespace

void get_execution_history(const Rooms& rooms, const Value& input, const Answer& answer) {
  answer(page(rooms.engine, input, execution_arn_of(input)));
}

void get_any_execution_history(const Rooms& rooms, const Value& input, const Answer& answer) {
  answer(page(rooms.engine, input, any_execution_arn_of(input)));
}

}  // namespace pawl::api::states
