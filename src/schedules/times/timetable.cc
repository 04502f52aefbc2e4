#include "schedules/times/timetable.h"

#include <algorithm>

namespace pawl::schedules {
namespace {

constexpr Duration tick(1);  // the smallest difference of two moments

std::optional<Due> next_of(const Cron& cron, const Zone& zone, Instant after) {
  // What it shows now may have been shown before, so the first ones found may be past.
  LocalTime from = std::chrono::floor<minutes>(zone.local(after));
  while (const auto local = cron.next_from(from)) {
    const auto showing = zone.when_shown(*local);
    const Due due{showing.is_shown ? showing.at : showing.at - tick, !showing.is_shown};
    if (due.at > after) return due;
    from = *local + minutes(1);
  }
  return std::nullopt;
}

std::optional<Due> next_of(const Rate& rate, Instant anchor, Instant after) {
  if (after < anchor) return Due{anchor};
  return Due{anchor + ((after - anchor) / rate.every + 1) * rate.every};
}

}  // namespace

std::optional<Due> Timetable::next_after(Instant after) const {
  if (const auto* once = std::get_if<Once>(&expression)) {
    const Instant at = zone.when_shown(once->at).at;
    return at > after ? std::optional(Due{at}) : std::nullopt;
  }
  if (start) after = std::max(after, *start - tick);
  const auto* cron = std::get_if<Cron>(&expression);
  const auto due = cron != nullptr ? next_of(*cron, zone, after)
                                   : next_of(std::get<Rate>(expression), anchor, after);
  if (due && end && due->at > *end) return std::nullopt;
  return due;
}

}  // namespace pawl::schedules
