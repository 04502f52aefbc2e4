#include "cli/schedule/expression.h"

#include "base/text.h"
#include "schedules/times/timetable.h"

namespace pawl::cli {
namespace {

// "5m", "2h", "1d" as the service says it; what is neither is left for the parser to refuse.
std::string rate_of(std::string_view text) {
  if (text.empty()) return {};
  const auto number = parse_integer(text.substr(0, text.size() - 1));
  const std::string_view unit = text.ends_with('m')   ? "minute"
                                : text.ends_with('h') ? "hour"
                                : text.ends_with('d') ? "day"
                                                      : "";
  if (!number || unit.empty()) return concat("rate(", text, ")");
  return concat("rate(", *number, " ", unit, *number == 1 ? "" : "s", ")");
}

Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

}  // namespace

Result<std::string> expression_of(const AskedTime& asked) {
  const int given = !asked.cron.empty() + !asked.rate.empty() + !asked.at.empty();
  if (given != 1)
    return Error(
        ErrorCode::invalid_argument,
        concat(given == 0 ? "none" : "more than one", " of --cron, --rate and --at is given"),
        "Every Sunday at two: --cron \"0 2 ? * SUN *\"; every five minutes: --rate 5m; "
        "once: --at 2026-11-22T02:00:00.");
  if (!asked.cron.empty()) return concat("cron(", asked.cron, ")");
  return asked.at.empty() ? rate_of(asked.rate) : concat("at(", asked.at, ")");
}

Result<std::vector<Instant>> next_times(const std::string& expression, const std::string& timezone,
                                        size_t count_max) {
  const schedules::Timetable table{.expression = TRY(schedules::parse_expression(expression)),
                                   .zone = TRY(schedules::Zone::find(timezone)),
                                   .anchor = std::chrono::floor<seconds>(now())};
  std::vector<Instant> times;
  auto due = table.next_after(now());
  for (; due && times.size() < count_max; due = table.next_after(due->at))
    if (!due->is_skipped) times.push_back(due->at);
  return times;
}

}  // namespace pawl::cli
