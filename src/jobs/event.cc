#include "jobs/event.h"

#include <string_view>

namespace pawl::jobs {
namespace {

// The order of an event's members in its array; those at the end that have their default are left
// out.
enum Place : size_t { kind, at, first, count, attempt, exit_code, next, failing, text, reason };

constexpr std::string_view kinds = "rhsebtfvcx";

json::Value::Array without_defaults(json::Value::Array members) {
  const json::Value::Array defaults = {"", 0, 0, 1, 0, nullptr, 0, 0, "", ""};
  while (members.size() > Place::first && members.back() == defaults[members.size() - 1])
    members.pop_back();
  return members;
}

}  // namespace

json::Value to_json(const Event& event) {
  const char letter = static_cast<char>(event.kind);
  return without_defaults({std::string_view(&letter, 1), event.at.time_since_epoch().count(),
                           event.first, event.count, event.attempt,
                           event.exit_code ? json::Value(*event.exit_code) : json::Value(),
                           static_cast<int>(event.next), static_cast<int>(event.failing),
                           event.text, event.status_reason});
}

Result<Event> event_from(const json::Value& value) {
  const Error corrupt(ErrorCode::corrupt, "no event of a job");
  if (!value.is_array() || value.size() < Place::first || value.size() > Place::reason + 1)
    return corrupt;
  const auto members = value.elements();
  for (size_t i = 0; i < members.size(); ++i) {
    const bool is_text = i == Place::kind || i >= Place::text;
    const bool is_absent = i == Place::exit_code && members[i].is_null();
    if (!is_absent && (is_text ? !members[i].is_string() : !members[i].is_integer()))
      return corrupt;
  }
  const auto number = [&](Place place, int64_t otherwise) {
    return place < members.size() ? members[place].integer() : otherwise;
  };
  const auto words = [&](Place place) {
    return place < members.size() ? std::string(members[place].string()) : std::string();
  };
  if (members[0].size() != 1 || kinds.find(members[0].string()) == kinds.npos) return corrupt;
  Event event;
  event.kind = static_cast<Event::Kind>(members[0].string().front());
  event.at = Instant(Duration(members[Place::at].integer()));
  event.first = static_cast<int32_t>(number(Place::first, 0));
  event.count = static_cast<int32_t>(number(Place::count, 1));
  event.attempt = static_cast<int32_t>(number(Place::attempt, 0));
  if (Place::exit_code < members.size() && !members[Place::exit_code].is_null())
    event.exit_code = static_cast<int32_t>(members[Place::exit_code].integer());
  const int64_t status = number(Place::next, 0), of = number(Place::failing, 0);
  if (status < 0 || status >= status_count || of < 0 ||
      of > static_cast<int64_t>(Failing::timed_out))
    return corrupt;
  event.next = static_cast<Status>(status);
  event.failing = static_cast<Failing>(of);
  event.text = words(Place::text);
  event.status_reason = words(Place::reason);
  return event;
}

}  // namespace pawl::jobs
