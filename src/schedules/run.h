#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "json/value.h"

namespace pawl::schedules {

enum class Outcome : uint8_t {
  waiting,  // for its time within the window, or to be tried again
  started,
  failed,
  missed,
};
enum class Trigger : uint8_t { schedule, catch_up, by_hand };

// What has become of a due time; of several that were missed one after another for the same reason.
struct Run {
  Instant due;
  Trigger trigger = Trigger::schedule;
  Outcome outcome = Outcome::waiting;
  Instant at = {};  // when it was settled; of one that waits, when it will be tried
  int64_t attempts = 0;
  std::string execution_arn = {};
  std::string why = {};  // it was missed, has failed, or is tried again
  int64_t count = 1;
  Instant last_due = due;

  // As the store keeps it, and as people and scripts see it.
  json::Value to_row() const;
  static Run from_row(const json::Value& row);
  json::Value to_json() const;
};

}  // namespace pawl::schedules
