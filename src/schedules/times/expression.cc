#include "schedules/times/expression.h"

#include "base/text.h"

namespace pawl::schedules {
namespace {

constexpr int64_t rate_days_max = 366'000;

Error invalid(std::string_view why, std::string_view hint) {
  return Error(ErrorCode::invalid_argument, std::string(why), std::string(hint));
}

Result<Rate> parse_rate(std::string_view text) {
  const auto wrong = [](std::string_view why) {
    return invalid(why, "A rate is a number and minutes, hours or days: `rate(5 minutes)`.");
  };
  text = trim(text);
  const size_t blank = text.find(' ');
  const auto number = parse_integer(text.substr(0, blank));
  if (blank == text.npos || !number) return wrong("a rate has a number and a unit");
  std::string_view unit = trim(text.substr(blank));
  if (unit.ends_with('s')) unit.remove_suffix(1);
  const int64_t minutes_each = unit == "minute" ? 1
                               : unit == "hour" ? 60
                               : unit == "day"  ? 1440
                                                : 0;
  if (minutes_each == 0) return wrong(concat("no unit is called ", trim(text.substr(blank))));
  if (*number < 1 || *number > rate_days_max * 1440 / minutes_each)
    return wrong(concat("the number ", *number, " is out of range"));
  return Rate{minutes(*number * minutes_each)};
}

Result<Once> parse_once(std::string_view text) {
  // The same without a zone as any other time, and without a leap second, which is no local one.
  const bool may_be_one = text.size() == 19 && !text.ends_with(":60");
  const auto instant = may_be_one ? parse_instant(concat(text, "Z")) : std::nullopt;
  if (!instant)
    return invalid("no local time", "A time is written `at(2026-11-22T02:00:00)`, without a zone.");
  return Once{LocalTime(std::chrono::floor<seconds>(instant->time_since_epoch()))};
}

Result<Expression> parse(std::string_view text) {
  const auto inner = [&](std::string_view name) -> std::optional<std::string_view> {
    if (!text.starts_with(name) || !text.ends_with(')')) return std::nullopt;
    return text.substr(name.size(), text.size() - name.size() - 1);
  };
  if (const auto fields = inner("cron(")) return Expression(TRY(Cron::parse(*fields)));
  if (const auto rate = inner("rate(")) return Expression(TRY(parse_rate(*rate)));
  if (const auto once = inner("at(")) return Expression(TRY(parse_once(*once)));
  return invalid("it is neither cron(…), rate(…) nor at(…)",
                 "Examples: `cron(0 2 ? * SUN *)`, `rate(5 minutes)`, `at(2026-11-22T02:00:00)`.");
}

}  // namespace

Result<Expression> parse_expression(std::string_view text) {
  auto expression = parse(trim(text));
  if (expression) return expression;
  return std::move(expression).error().within(concat("schedule expression ", trim(text)));
}

}  // namespace pawl::schedules
