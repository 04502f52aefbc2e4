#include <algorithm>

#include "api/fields.h"
#include "api/states/actions.h"
#include "base/text.h"

namespace pawl::api::states {
namespace {

using execution::HistoryEvent;
using json::Value;

// A page ends with the event whose details pass this, so that large data come in many answers.
constexpr size_t page_bytes = 1 << 20;

Value to_json(const HistoryEvent& event) {
  Value::Object members = {{"timestamp", epoch_seconds(event.timestamp)},
                           {"type", event.type},
                           {"id", event.id},
                           {"previousEventId", event.previous_id}};
  if (!event.details_name.empty()) members.push_back({event.details_name, event.details});
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
  window.bytes_most = page_bytes;
  window.has_data = request.with_data;
  window.is_newest = request.is_reverse;
  if (!request.is_reverse) window.from = static_cast<int64_t>(request.from) + 1;
  if (request.is_reverse && request.from > 0) window.before = static_cast<int64_t>(request.from);
  return window;
}

// How many of the events are on the page.
size_t count_on_page(const std::vector<HistoryEvent>& events, size_t size_max) {
  size_t count = 0, bytes = 0;
  while (count < std::min(events.size(), size_max) && bytes <= page_bytes)
    bytes += events[count++].details.text_size();
  return count;
}

Result<Value> page(engine::Engine& engine, const Value& input, Result<std::string> arn) {
  const auto request = TRY(read(input, std::move(arn)));
  auto events = TRY(engine.history(request.arn, window_of(request)));
  if (request.is_reverse) std::reverse(events.begin(), events.end());
  const size_t count = count_on_page(events, request.size_max);
  const bool has_more = count < events.size();
  events.resize(count);
  Value::Array shown;
  for (const auto& event : events) shown.push_back(to_json(event));
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
