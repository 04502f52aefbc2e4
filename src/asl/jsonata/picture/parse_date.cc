#include <array>
#include <cmath>
#include <map>

#include "asl/jsonata/picture/calendar.h"
#include "asl/jsonata/picture/date_picture.h"
#include "asl/jsonata/regex/regex.h"
#include "base/text.h"

namespace pawl::asl::jsonata {
namespace {

using Part = DatePicture::Part;
using Components = std::map<char, double>;

constexpr int64_t steps_max = 1'000'000;

bool is_zone(const Part& part) { return part.component == 'Z' || part.component == 'z'; }

// What separates hours and minutes of a zone.
std::string zone_separator(const Part& part) {
  if (!part.integer || part.integer->regular_group == 0) return "";
  return std::string(1, static_cast<char>(part.integer->separators[0].character));
}

std::string escaped(std::string_view literal) {
  std::string out;
  for (const char c : literal) {
    if (std::string_view(".*+?^${}()|[]\\").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

Result<std::string, Fault> pattern_of(const Part& part) {
  if (part.component == '\0') return escaped(part.literal);
  if (is_zone(part)) {
    const std::string separator = zone_separator(part);
    return concat(part.component == 'z' ? "GMT" : "", "[-+][0-9]+",
                  separator.empty() ? "" : escaped(separator) + "[0-9]+");
  }
  if (part.component == 'f') return std::string("[0-9]+");
  if (part.integer) return part.integer->pattern();
  if (std::string_view("MxFP").find(part.component) == std::string_view::npos)
    return Fault("D3133").with_text("value", std::string(1, part.component));
  return std::string("[a-zA-Z]+");
}

// Minutes to the east.
double zone_minutes(const Part& part, std::string_view text) {
  if (part.component == 'z') text.remove_prefix(3);
  const double sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  const std::string separator = zone_separator(part);
  constexpr size_t hour_digits = 2;
  const size_t hours_end =
      separator.empty() ? std::min(text.size(), hour_digits) : text.find(separator);
  const auto minutes = text.substr(std::min(text.size(), hours_end + separator.size()));
  return sign * parse_number(text.substr(0, hours_end)).value_or(0) * 60 +
         parse_number(minutes).value_or(0);
}

std::optional<double> named(const Part& part, std::string_view text) {
  if (part.component == 'P') {
    if (text == "am" || text == "AM") return 0;
    return text == "pm" || text == "PM" ? std::optional(1.0) : std::nullopt;
  }
  const bool is_day = part.component == 'F';
  for (size_t index = 1; index <= (is_day ? 7 : 12); ++index) {
    const auto name = is_day ? day_name(index) : month_name(index);
    if (name.substr(0, part.width_max.value_or(0) > 0 ? *part.width_max : name.npos) == text)
      return static_cast<double>(index);
  }
  return std::nullopt;
}

Result<std::optional<double>, Fault> read_part(const Part& part, std::string_view text) {
  constexpr size_t millis_digits = 3;
  if (is_zone(part)) return std::optional(zone_minutes(part, text));
  if (part.component == 'f') {
    const std::string fraction = concat("0.", text.substr(0, millis_digits));
    return std::optional(parse_number(fraction).value_or(0) * 1000);
  }
  if (!part.integer) return named(part, text);
  const double number = TRY(part.integer->parse(text));
  return std::isnan(number) ? std::optional<double>() : std::optional(number);
}

Result<std::optional<Components>, Fault> read_components(const DatePicture& picture,
                                                         std::string_view text) {
  std::string pattern = "^";
  for (const Part& part : picture.parts) pattern += "(" + TRY(pattern_of(part)) + ")";
  const auto regex = Regex::compile(pattern + "$", {.ignores_case = true});
  if (!regex) return Fault("D3136");
  int64_t steps = steps_max;
  Regex::Notes notes;
  const auto match = regex->find(text, 0, steps, notes);
  if (!match) return std::optional<Components>();
  Components components;
  for (size_t index = 0; index < picture.parts.size(); ++index) {
    const Part& part = picture.parts[index];
    if (part.component == '\0') continue;
    const auto value = TRY(read_part(part, *match->group(index + 1, text)));
    if (value) components[part.component] = *value;
  }
  return std::optional(std::move(components));
}

// Whether those of the letters that are there are among the wanted ones, and there is one at all.
bool are_only(const Components& components, std::string_view letters, std::string_view wanted) {
  bool is_any = false;
  for (const char letter : letters) {
    const auto found = components.find(letter);
    if (found == components.end() || found->second == 0) continue;
    if (wanted.find(letter) == wanted.npos) return false;
    is_any = true;
  }
  return is_any;
}

// What is left out before the first component is that of now, behind it the least; nothing may be
// left out in between.
Result<bool, Fault> complete(Components& components, std::string_view letters, int64_t now) {
  bool has_begun = false, has_ended = false;
  for (const char letter : letters) {
    if (components.count(letter) > 0) {
      if (has_ended) return Fault("D3136");
      has_begun = true;
    } else if (has_begun) {
      components[letter] = letter == 'M' || letter == 'D' || letter == 'd' ? 1 : 0;
      has_ended = true;
    } else {
      components[letter] = DateParts(now).component(letter).value_or(0);
    }
  }
  return true;
}

}  // namespace

double utc_millis(double year, double month, double day, double millis_of_day) {
  constexpr double year_max = 400'000, century = 1900, millis_per_day = 86'400'000;
  if (!(std::abs(year) <= year_max) || !(std::abs(month) <= year_max * 12) ||
      !std::isfinite(day + millis_of_day))
    return std::nan("");
  if (year >= 0 && year <= 99) year += century;
  const auto first = days_from_civil(static_cast<int64_t>(year), static_cast<int64_t>(month), 1);
  const double millis =
      (static_cast<double>(first) + std::trunc(day) - 1) * millis_per_day + millis_of_day;
  return std::abs(millis) <= millis_max ? millis : std::nan("");
}

Result<std::optional<double>, Fault> DatePicture::parse(std::string_view text, int64_t now) const {
  auto found = TRY(read_components(*this, text));
  if (!found || found->empty()) return std::optional<double>();
  Components& at = *found;
  constexpr std::string_view dates = "YXMxWwdD", times = "PHhmsf";
  const bool is_calendar = are_only(at, dates, "YMD");
  const bool is_day_of_year = !is_calendar && are_only(at, dates, "Yd");
  const bool is_week = are_only(at, dates, "Xxw") || are_only(at, dates, "XW");
  const bool is_half_day = !are_only(at, times, "Hmsf") && are_only(at, times, "Phmsf");
  if (is_week && !is_day_of_year && !is_calendar) return Fault("D3136");
  const std::string letters = concat(is_day_of_year ? "Yd" : "YMD", is_half_day ? "Phmsf" : "Hmsf");
  TRY(complete(at, letters, now));
  if (is_half_day) at['H'] = (at['h'] == 12 ? 0 : at['h']) + (at['P'] == 1 ? 12 : 0);
  const double in_day = ((at['H'] * 60 + at['m']) * 60 + at['s']) * 1000 + at['f'];
  double millis = is_day_of_year ? utc_millis(at['Y'], 1, at['d'], in_day)
                                 : utc_millis(at['Y'], at['M'] > 0 ? at['M'] : 1, at['D'], in_day);
  const double zone = at.count('Z') > 0 ? at['Z'] : at.count('z') > 0 ? at['z'] : 0;
  return std::optional(millis - zone * 60'000);
}

}  // namespace pawl::asl::jsonata
