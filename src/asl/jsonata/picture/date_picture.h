#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "asl/jsonata/fault.h"
#include "asl/jsonata/picture/integer_picture.h"
#include "base/result.h"

namespace pawl::asl::jsonata {

// How a moment is written: "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]" (XPath's
// format-dateTime). Brackets that are meant as such are doubled.
struct DatePicture {
  struct Part {
    std::string literal;  // where there is no component
    char component = '\0';
    std::optional<IntegerPicture::Case> names;  // as a name, in that case
    std::optional<IntegerPicture> integer;
    std::optional<size_t> width_max;
    std::optional<size_t> year_digits;  // only so many of the year's last ones
    bool shows_utc_as_z = false;
  };
  std::vector<Part> parts;

  static Result<DatePicture, Fault> analyse(std::string_view picture);

  // The offset is that of the zone: 200 for two hours, -530 for five and a half to the west.
  Result<std::string, Fault> format(double millis, int offset) const;
  // Nothing where the text is not written so. `now` gives what the picture leaves out.
  Result<std::optional<double>, Fault> parse(std::string_view text, int64_t now) const;
};

// "January", "Monday"; counted from 1.
std::string_view month_name(size_t month);
std::string_view day_name(size_t day);

// ISO 8601, as far as $toMillis takes it; nothing where the text is something else.
std::optional<double> parse_iso_date(std::string_view text);
// JavaScript's Date.UTC: years below 100 are those of the last century, everything may run over.
double utc_millis(double year, double month, double day, double millis_of_day);

}  // namespace pawl::asl::jsonata
