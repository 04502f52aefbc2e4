#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "schedules/times/zone.h"

namespace pawl::schedules {

// The last line of a zone's file, which holds from its last transition on: a POSIX time zone, as
// RFC 8536 extends it.
//
//   CET-1CEST,M3.5.0,M10.5.0/3        IST-1GMT0,M10.5.0,M3.5.0/1        <+01>-1
class ZoneRule {
 public:
  static std::optional<ZoneRule> parse(std::string_view text);

  seconds standard() const { return standard_; }
  // The changes of a year, ascending; empty: there are none.
  std::vector<Offset> changes(std::chrono::year year) const;

 private:
  // Mm.w.d: the wth weekday d of the month, 5 the last. Jn: the nth day, of which 29 February is
  // none. n: the day after n others.
  struct Day {
    char kind = 'M';
    int month = 0, week = 0, day = 0;
    seconds time = hours(2);
  };
  class Reader;
  static LocalTime moment(const Day& day, std::chrono::year year);

  seconds standard_{}, summer_{};
  std::optional<Day> begin_, end_;  // of summer time
};

}  // namespace pawl::schedules
