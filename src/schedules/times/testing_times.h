#pragma once

#include <gtest/gtest.h>

#include "base/text.h"
#include "schedules/times/timetable.h"

namespace pawl::schedules {

inline Expression expression(std::string_view text) {
  auto parsed = parse_expression(text);
  EXPECT_TRUE(parsed.has_value()) << parsed.error().text();
  return *std::move(parsed);
}
inline Zone zone(const std::string& name) {
  auto found = Zone::find(name);
  EXPECT_TRUE(found.has_value()) << found.error().text();
  return *std::move(found);
}
// "2026-11-21T02:00:00Z"
inline Instant moment(std::string_view text) {
  const auto instant = parse_instant(text);
  EXPECT_TRUE(instant.has_value()) << text;
  return instant.value_or(Instant());
}
inline Timetable timetable(std::string_view text, const std::string& zone_name = "UTC",
                           std::string_view anchor = "2026-01-01T00:00:00Z") {
  return {.expression = expression(text), .zone = zone(zone_name), .anchor = moment(anchor)};
}

// The next ones, as "2026-11-21T02:00:00Z", those that are skipped with a "-" before.
inline std::vector<std::string> next_of(const Timetable& table, std::string_view after,
                                        size_t count) {
  std::vector<std::string> found;
  Instant at = moment(after);
  while (found.size() < count) {
    const auto due = table.next_after(at);
    if (!due) break;
    at = due->at;
    std::string text = format_instant(due->is_skipped ? at + Duration(1) : at);
    found.push_back(concat(due->is_skipped ? "-" : "", text.substr(0, 19), "Z"));
  }
  return found;
}

}  // namespace pawl::schedules
