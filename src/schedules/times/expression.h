#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "base/time.h"
#include "schedules/times/cron.h"
#include "schedules/times/local_time.h"

namespace pawl::schedules {

// rate(n minutes), rate(n hours), rate(n days); a day is 24 hours.
struct Rate {
  Duration every;
};
// at(yyyy-mm-ddThh:mm:ss)
struct Once {
  LocalTime at;
};
// cron(minutes hours day-of-month month day-of-week year)
using Expression = std::variant<Cron, Rate, Once>;

// Error: invalid_argument, which quotes the expression.
Result<Expression> parse_expression(std::string_view text);

}  // namespace pawl::schedules
