#include <algorithm>
#include <charconv>

#include "asl/jsonata/picture/date_picture.h"
#include "base/text.h"

namespace pawl::asl::jsonata {
namespace {

using Part = DatePicture::Part;

constexpr std::string_view numeric_components = "YMDdFWwXxHhmsf";

// How a component is written where the picture does not say.
std::string_view usual_form(char component) {
  if (std::string_view("YMDdWwXxHhf").find(component) != std::string_view::npos) return "1";
  if (std::string_view("FPCE").find(component) != std::string_view::npos) return "n";
  if (component == 'm' || component == 's') return "01";
  return component == 'Z' || component == 'z' ? "01:01" : "";
}

struct Width {
  std::optional<size_t> least, most;
};

Width parse_width(std::string_view text) {
  const auto number = [](std::string_view digits) -> std::optional<size_t> {
    size_t value = 0;
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    constexpr size_t width_max = 1'000;
    return end.ec == std::errc() ? std::optional(std::min(value, width_max)) : std::nullopt;
  };
  const size_t dash = text.find('-');
  Width width{number(text.substr(0, dash)), std::nullopt};
  if (dash != text.npos) width.most = number(text.substr(dash + 1));
  return width;
}

void fit_year(Part& part, const Width& width) {
  IntegerPicture& integer = *part.integer;
  const size_t digits = integer.digits_min + integer.digits_optional;
  if (width.most) {
    part.year_digits = width.most;
    integer.digits_min = *width.most;
  } else if (digits >= 2) {
    part.year_digits = digits;
  }
}

// What stands between the brackets: the component, how it is written, and behind a comma how wide.
Result<Part, Fault> parse_marker(std::string_view text) {
  std::string marker;
  for (const char c : text)
    if (std::string_view(" \t\r\n\f\v").find(c) == std::string_view::npos) marker += c;
  Part part;
  part.component = marker.empty() ? ' ' : marker[0];
  if (usual_form(part.component).empty())
    return Fault("D3132").with_text("value", marker.substr(0, 1));
  const size_t comma = marker.rfind(',');
  Width width;
  if (comma != marker.npos) width = parse_width(std::string_view(marker).substr(comma + 1));
  part.width_max = width.most;
  std::string form = marker.substr(1, comma == marker.npos ? comma : comma - 1);
  char modifier = '\0';
  if (form.size() > 1 && std::string_view("atco").find(form.back()) != std::string_view::npos) {
    modifier = form.back();
    form.pop_back();
  }
  if (form.empty()) form = usual_form(part.component);
  part.shows_utc_as_z = modifier == 't';
  const bool is_zone = part.component == 'Z' || part.component == 'z';
  if (form[0] == 'n') {
    part.names = IntegerPicture::Case::lower;
  } else if (form[0] == 'N') {
    part.names =
        form.substr(1, 1) == "n" ? IntegerPicture::Case::title : IntegerPicture::Case::upper;
  } else if (numeric_components.find(part.component) != std::string_view::npos) {
    part.integer = TRY(IntegerPicture::analyse(
        modifier == '\0' ? form : concat(form, ";", std::string(1, modifier))));
    part.integer->digits_min = std::max(part.integer->digits_min, width.least.value_or(0));
    if (part.component == 'Y') fit_year(part, width);
  }
  if (is_zone) part.integer = TRY(IntegerPicture::analyse(form));
  return part;
}

}  // namespace

Result<DatePicture, Fault> DatePicture::analyse(std::string_view picture) {
  DatePicture result;
  auto& parts = result.parts;
  const auto add_literal = [&](std::string_view text) {
    if (text.empty()) return;
    Part part;
    part.literal = replace_all(text, "]]", "]");
    parts.push_back(std::move(part));
  };
  size_t begin = 0;
  for (size_t at = 0; at < picture.size();) {
    if (picture[at] != '[') {
      ++at;
      continue;
    }
    add_literal(picture.substr(begin, at - begin));
    if (picture.substr(at, 2) == "[[") {
      add_literal("[");
      at += 2;
      begin = at;
      continue;
    }
    const size_t end = picture.find(']', at);
    if (end == picture.npos) return Fault("D3135");
    Part part = TRY(parse_marker(picture.substr(at + 1, end - at - 1)));
    // Digits that follow digits leave no doubt about how many there are.
    const bool is_counted = part.integer && !parts.empty() && parts.back().integer &&
                            part.component != 'Z' && part.component != 'z' && !part.names;
    if (is_counted) parts.back().integer->width = parts.back().integer->digits_min;
    parts.push_back(std::move(part));
    at = begin = end + 1;
  }
  add_literal(picture.substr(begin));
  return result;
}

}  // namespace pawl::asl::jsonata
