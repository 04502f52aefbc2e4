#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "schedules/times/cron_field.h"

namespace pawl::schedules {

// The two fields of a cron expression that choose days, of which one is "?":
//
//   of the month  7  1-5  1/10  L (the last)  L-3 (three before it)  15W (the weekday nearest to
//                 it in the month)  LW (the last weekday)
//   of the week   1 or SUN to 7 or SAT  MON-FRI  L (Saturday)  6L (the last Friday of the month)
//                 3#2 (its second Tuesday)
class CronDays {
 public:
  static Result<CronDays> parse(std::string_view of_month, std::string_view of_week);

  // Bit n is the nth.
  uint32_t in(std::chrono::year_month month) const;

 private:
  Result<void> add_of_month(std::string_view element);
  Result<void> add_of_week(std::string_view element);

  FieldBits of_month_;                // bit 0 is the first
  std::vector<int> from_last_;        // 0 is the last
  std::vector<int> near_;             // the weekday nearest to that day
  bool is_last_weekday_ = false;      // Monday to Friday
  FieldBits of_week_, last_of_week_;  // bit 0 is Sunday
  struct Nth {
    unsigned weekday, number;
  };
  std::vector<Nth> nth_of_week_;
};

}  // namespace pawl::schedules
