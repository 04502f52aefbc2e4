#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "schedules/times/cron_days.h"
#include "schedules/times/cron_field.h"
#include "schedules/times/local_time.h"

namespace pawl::schedules {

// "minutes hours day-of-month month day-of-week year", as EventBridge Scheduler has it (Amazon
// EventBridge Scheduler User Guide, "Schedule types", cron-based schedules). Times are local.
class Cron {
 public:
  static Result<Cron> parse(std::string_view fields);

  // The first minute it names that is not before; none: there is none up to the year 2199.
  std::optional<LocalTime> next_from(LocalTime from) const;

 private:
  explicit Cron(CronDays days) : days_(std::move(days)) {}
  // On a day that it names.
  std::optional<std::chrono::minutes> next_in_day(std::chrono::minutes from) const;

  FieldBits minutes_, hours_, months_, years_;
  CronDays days_;
};

}  // namespace pawl::schedules
