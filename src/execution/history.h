#pragma once

#include <limits>
#include <span>
#include <string>
#include <vector>

#include "execution/execution.h"
#include "execution/map_run.h"

namespace pawl::execution {

// One event as GetExecutionHistory shows it: timestamp, type, id, previousEventId and the details
// member named for the type ("taskScheduledEventDetails").
struct HistoryEvent {
  int64_t id;
  int64_t previous_id;
  Instant timestamp;
  std::string type;
  std::string details_name;  // empty where the event has none
  json::Value details;
};

// Which events are wanted: of those with from <= id < before, the first `most`, or the last `most`;
// fewer where all but the one furthest off have more than `bytes_most` of details as text. Only
// these are kept in memory, however long the history is.
struct HistoryWindow {
  int64_t from = 1;
  int64_t before = std::numeric_limits<int64_t>::max();
  size_t most = std::numeric_limits<size_t>::max();
  size_t bytes_most = std::numeric_limits<size_t>::max();
  bool is_newest = false;
  bool has_data = true;                  // otherwise inputs, outputs and parameters are left out
  std::optional<ChildPlace> child = {};  // whose own history it is; absent: the execution's
};

// The history of an execution, from its records in order; events by ascending id. Error: corrupt.
Result<std::vector<HistoryEvent>> history(const asl::Machine& machine, const Identity& identity,
                                          std::span<const std::string> records,
                                          const HistoryWindow& window = {});

}  // namespace pawl::execution
