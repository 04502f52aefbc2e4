#pragma once

#include <optional>

#include "base/time.h"
#include "schedules/times/expression.h"
#include "schedules/times/zone.h"

namespace pawl::schedules {

struct Due {
  Instant at;
  // The clocks were set forward over it just after `at`, so it never comes: "When time shifts
  // forward in the Spring, if a cron expression falls on a non-existent date and time, your
  // schedule invocation is skipped" (Amazon EventBridge Scheduler User Guide, "Schedule types",
  // daylight savings time). Times that were set over together are one.
  bool is_skipped = false;
};

// When a schedule is due. What clocks show twice is due once, the first time: "your schedule runs
// only once and does not repeat its invocation" (the same page). A single time that clocks are set
// over is due when they are: it has no next one.
struct Timetable {
  Expression expression;
  Zone zone;
  Instant anchor;                               // where a rate counts from, and is due first
  std::optional<Instant> start = {}, end = {};  // of cron and rate; due at both, too

  // Strictly after; none: never again.
  std::optional<Due> next_after(Instant after) const;
};

}  // namespace pawl::schedules
