#include "schedules/run.h"

#include <array>

namespace pawl::schedules {
namespace {

using json::Value;

constexpr std::array<std::string_view, 4> outcome_names = {"WAITING", "STARTED", "FAILED",
                                                           "MISSED"};
constexpr std::array<std::string_view, 3> trigger_names = {"SCHEDULE", "CATCH_UP", "BY_HAND"};

template <typename Enum, size_t size>
Enum named(const std::array<std::string_view, size>& names, std::string_view name) {
  for (size_t at = 0; at < size; ++at)
    if (names[at] == name) return static_cast<Enum>(at);
  return Enum();
}

int64_t micros(Instant instant) { return instant.time_since_epoch().count(); }
Instant instant_at(const Value& row, std::string_view name) {
  return Instant(Duration(row.integer_at(name).value_or(0)));
}

}  // namespace

Value Run::to_row() const {
  return Value::object({{"due", micros(due)},
                        {"trigger", trigger_names[static_cast<size_t>(trigger)]},
                        {"outcome", outcome_names[static_cast<size_t>(outcome)]},
                        {"at", micros(at)},
                        {"attempts", attempts},
                        {"execution", execution_arn},
                        {"why", why},
                        {"count", count},
                        {"last_due", micros(last_due)}});
}

Run Run::from_row(const Value& row) {
  Run run{.due = instant_at(row, "due")};
  run.trigger = named<Trigger>(trigger_names, row.string_at("trigger").value_or(""));
  run.outcome = named<Outcome>(outcome_names, row.string_at("outcome").value_or(""));
  run.at = instant_at(row, "at");
  run.attempts = row.integer_at("attempts").value_or(0);
  run.execution_arn = row.string_at("execution").value_or("");
  run.why = row.string_at("why").value_or("");
  run.count = row.integer_at("count").value_or(1);
  run.last_due = instant_at(row, "last_due");
  return run;
}

Value Run::to_json() const {
  Value::Object members = {
      {"Due", format_instant(due)},
      {"Outcome", outcome_names[static_cast<size_t>(outcome)]},
      {"Trigger", trigger_names[static_cast<size_t>(trigger)]},
      {outcome == Outcome::waiting ? "NextAttempt" : "At", format_instant(at)}};
  if (attempts > 0) members.push_back({"Attempts", attempts});
  if (!execution_arn.empty()) members.push_back({"ExecutionArn", execution_arn});
  if (!why.empty()) members.push_back({"Why", why});
  if (count > 1) {
    members.push_back({"Count", count});
    members.push_back({"LastDue", format_instant(last_due)});
  }
  return members;
}

}  // namespace pawl::schedules
