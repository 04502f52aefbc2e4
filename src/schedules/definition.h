#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "json/value.h"

namespace pawl::schedules {

// What happens to due times that were missed because nobody was there.
enum class CatchUp : uint8_t {
  none,  // nothing
  last,  // one run, for the last of them
  all,   // a run for each, the oldest first, up to caught_up_max
};
std::string_view name(CatchUp policy);
constexpr size_t caught_up_max = 50;

// What a client says of a schedule. Its members are those of CreateSchedule (Amazon EventBridge
// Scheduler API Reference), and CatchUp, which is ours.
struct Definition {
  std::string name, description;
  std::string expression, timezone = "UTC";
  bool is_enabled = true;
  std::optional<Instant> start, end;
  Duration window{};  // after the due time, a run starts somewhere within
  std::string target_arn, role_arn, input = "{}";
  int64_t retries_max = 185;
  Duration age_max = hours(24);  // then a due time is past being run
  bool is_deleted_when_over = false;
  CatchUp catch_up = CatchUp::last;

  json::Value to_json() const;
};

// Error: the input names a group that is not the one there is.
Result<void> check_group(const json::Value& input);

// REQUIRES: the members have their kinds and bounds. Error: what they say together makes no sense,
// or is not offered; a policy that is absent is that of `before`.
Result<Definition> parse_definition(const json::Value& shown, CatchUp before = CatchUp::last);

}  // namespace pawl::schedules
