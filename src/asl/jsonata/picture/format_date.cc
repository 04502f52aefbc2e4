#include <array>
#include <cmath>

#include "asl/jsonata/picture/calendar.h"
#include "asl/jsonata/picture/date_picture.h"
#include "asl/jsonata/text/letter_case.h"
#include "asl/jsonata/text/number_text.h"
#include "asl/jsonata/text/utf8.h"

namespace pawl::asl::jsonata {
namespace {

using Part = DatePicture::Part;
using Case = IntegerPicture::Case;

using Done = Result<bool, Fault>;

Done append_name(std::string& text, const Part& part, double value) {
  const bool is_month = part.component == 'M' || part.component == 'x';
  if (!is_month && part.component != 'F')
    return Fault("D3133").with_text("value", std::string(1, part.component));
  const auto index = static_cast<size_t>(value);
  const auto name = (is_month ? month_name(index) : day_name(index))
                        .substr(0, part.width_max.value_or(std::string_view::npos));
  if (part.names == Case::title)
    text += name;
  else
    text += part.names == Case::upper ? to_upper(name) : to_lower(name);
  return true;
}

// "+02:00", "GMT+2", "Z".
Done append_zone(std::string& text, const Part& part, int offset) {
  if (offset == 0 && part.shows_utc_as_z) {
    text += 'Z';
    return true;
  }
  if (!part.integer) return Fault("D3130").with_text("value", "n");
  const IntegerPicture& integer = *part.integer;
  const double hours = offset / 100, minutes = std::abs(offset % 100);
  constexpr size_t hour_digits_max = 2, digits_max = 4;
  if (part.component == 'z') text += "GMT";
  if (offset >= 0) text += '+';
  if (integer.regular_group == 0 && integer.digits_min <= hour_digits_max) {
    text += TRY(integer.format(hours));
    if (minutes != 0) text += ":" + TRY(TRY(IntegerPicture::analyse("00")).format(minutes));
  } else if (integer.regular_group == 0 && integer.digits_min > digits_max) {
    return Fault("D3134").with("value", std::to_string(integer.digits_min));
  } else {
    text += TRY(integer.format(offset));
  }
  return true;
}

double last_digits(double year, size_t digits) {
  double end = 1;
  for (; digits > 0 && end <= std::abs(year); --digits) end *= 10;
  return end <= std::abs(year) ? std::fmod(year, end) : year;
}

Done append_part(std::string& text, const Part& part, const DateParts& date, int offset) {
  switch (part.component) {
    case '\0':
      text += part.literal;
      return true;
    case 'Z':
    case 'z':
      return append_zone(text, part, offset);
    case 'C':
    case 'E':
      text += "ISO";
      return true;
    case 'P': {
      const bool is_upper = part.names == Case::upper;
      const bool is_late = date.component('P') == 1.0;
      text += is_late ? (is_upper ? "PM" : "pm") : (is_upper ? "AM" : "am");
      return true;
    }
    default:
      break;
  }
  double value = date.component(part.component).value_or(0);
  if (part.year_digits) value = last_digits(value, *part.year_digits);
  if (part.names) return append_name(text, part, value);
  return part.integer->append(text, value);
}

}  // namespace

std::string_view month_name(size_t month) {
  constexpr std::array<std::string_view, 12> names{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};
  return names[month - 1];
}

std::string_view day_name(size_t day) {
  constexpr std::array<std::string_view, 7> names{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                  "Friday", "Saturday", "Sunday"};
  return names[day - 1];
}

Result<std::string, Fault> DatePicture::format(double millis, int offset) const {
  const double shifted = std::trunc(millis) + (60.0 * (offset / 100) + offset % 100) * 60'000;
  if (!(std::abs(shifted) <= millis_max)) return Fault("D1001").with("value", number_text(millis));
  const DateParts date(static_cast<int64_t>(shifted));
  std::string text;
  constexpr size_t usual_size_max = 40;
  text.reserve(usual_size_max);
  for (const Part& part : parts) TRY(append_part(text, part, date, offset));
  return text;
}

}  // namespace pawl::asl::jsonata
