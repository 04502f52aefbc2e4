#include <charconv>
#include <chrono>
#include <cmath>

#include "asl/jsonata/functions/call.h"
#include "asl/jsonata/functions/families.h"
#include "asl/jsonata/picture/date_picture.h"
#include "asl/jsonata/text/number_text.h"

namespace pawl::asl::jsonata {
namespace {

constexpr std::string_view iso_picture = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]";

int64_t now_in_millis(const Call& call) {
  return std::chrono::floor<milliseconds>(call.run.facts().now).time_since_epoch().count();
}

// "+0530" as 530; what is no number is UTC.
int offset_of_zone(std::string_view zone) {
  constexpr int offset_max = 9'999;
  if (!zone.empty() && zone[0] == '+') zone.remove_prefix(1);
  int offset = 0;
  std::from_chars(zone.data(), zone.data() + zone.size(), offset);
  return std::clamp(offset, -offset_max, offset_max);
}

Answer write_date(Call& call, double millis, const Item& picture, const Item& zone) {
  const auto parsed = call.run.date_picture(picture.is_undefined() ? iso_picture : picture.text());
  if (!parsed) return call.fail(parsed.error());
  auto text = (*parsed)->format(millis, zone.is_undefined() ? 0 : offset_of_zone(zone.text()));
  if (!text) return call.fail(std::move(text).error());
  return call.text(*text);
}

Answer now(Call& call) {
  return write_date(call, static_cast<double>(now_in_millis(call)), call[0], call[1]);
}

Answer millis(Call& call) { return static_cast<double>(now_in_millis(call)); }

Answer from_millis(Call& call) {
  if (!call.has(0)) return Item();
  return write_date(call, call[0].number(), call[1], call[2]);
}

Answer to_millis(Call& call) {
  if (!call.has(0)) return Item();
  const std::string_view text = call[0].text();
  if (!call.has(1)) {
    if (const auto read = parse_iso_date(text)) return *read;
    return call.fail(Fault("D3110").with_text("value", text));
  }
  const auto picture = call.run.date_picture(call[1].text());
  if (!picture) return call.fail(picture.error());
  auto read = (*picture)->parse(text, now_in_millis(call));
  if (!read) return call.fail(std::move(read).error());
  return *read ? Answer(**read) : Answer(Item());
}

}  // namespace

std::span<const FunctionRow> time_functions() {
  static constexpr FunctionRow rows[] = {
      {"now", "<s?s?:s>", 2, now},
      {"millis", "<:n>", 0, millis},
      {"fromMillis", "<n-s?s?:s>", 3, from_millis},
      {"toMillis", "<s-s?:n>", 2, to_millis},
  };
  return rows;
}

}  // namespace pawl::asl::jsonata
