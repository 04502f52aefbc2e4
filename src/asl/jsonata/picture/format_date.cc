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

Result<std::string, Fault> format_name(const Part& part, double value) {
  const bool is_month = part.component == 'M' || part.component == 'x';
  if (!is_month && part.component != 'F')
    return Fault("D3133").with_text("value", std::string(1, part.component));
  std::string name(is_month ? month_name(static_cast<size_t>(value))
                            : day_name(static_cast<size_t>(value)));
  if (part.names == Case::upper) name = to_upper(name);
  if (part.names == Case::lower) name = to_lower(name);
  if (part.width_max && name.size() > *part.width_max) name.resize(*part.width_max);
  return name;
}

// "+02:00", "GMT+2", "Z".
Result<std::string, Fault> format_zone(const Part& part, int offset) {
  if (offset == 0 && part.shows_utc_as_z) return std::string("Z");
  const std::string sign = part.component == 'z' ? "GMT" : "";
  const std::string plus = offset >= 0 ? "+" : "";
  if (!part.integer) return Fault("D3130").with_text("value", "n");
  const IntegerPicture& integer = *part.integer;
  const double hours = offset / 100, minutes = std::abs(offset % 100);
  constexpr size_t hour_digits_max = 2, digits_max = 4;
  std::string text;
  if (integer.regular_group == 0 && integer.digits_min <= hour_digits_max) {
    text = TRY(integer.format(hours));
    if (minutes != 0) text += ":" + TRY(TRY(IntegerPicture::analyse("00")).format(minutes));
  } else if (integer.regular_group == 0 && integer.digits_min > digits_max) {
    return Fault("D3134").with("value", std::to_string(integer.digits_min));
  } else {
    text = TRY(integer.format(offset));
  }
  return sign + plus + text;
}

Result<std::string, Fault> format_part(const Part& part, const DateParts& date, int offset) {
  switch (part.component) {
    case 'Z':
    case 'z':
      return format_zone(part, offset);
    case 'C':
    case 'E':
      return std::string("ISO");
    case 'P': {
      const std::string half = date.component('P') == 1.0 ? "pm" : "am";
      return part.names == Case::upper ? to_upper(half) : half;
    }
    default:
      break;
  }
  double value = date.component(part.component).value_or(0);
  if (part.year_digits)
    value = std::fmod(value, std::pow(10, static_cast<double>(*part.year_digits)));
  return part.names ? format_name(part, value) : part.integer->format(value);
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
  for (const Part& part : parts) {
    if (part.component == '\0')
      text += part.literal;
    else
      text += TRY(format_part(part, date, offset));
  }
  return text;
}

}  // namespace pawl::asl::jsonata
