#pragma once

#include <cstdint>
#include <optional>

namespace pawl::asl::jsonata {

// A moment of the Gregorian calendar, as milliseconds since 1970; JavaScript's bounds.
constexpr double millis_max = 8.64e15;

struct CivilDay {
  int64_t year;
  int month;  // from 1
  int day;    // from 1
};

int64_t days_from_civil(int64_t year, int64_t month, int64_t day);  // months may run over
CivilDay civil_from_days(int64_t days);

// The components of a date/time picture, in numbers.
class DateParts {
 public:
  explicit DateParts(int64_t millis);

  // Y M D d F W w X x H h m s f, and P as 0 or 1; nothing for a letter that is none of these.
  std::optional<double> component(char component) const;

 private:
  int64_t today_, in_day_;
  CivilDay civil_;
};

}  // namespace pawl::asl::jsonata
