#pragma once

#include <span>
#include <string>
#include <vector>

#include "execution/execution.h"

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

// The history of an execution, from its records in order. Error: corrupt.
Result<std::vector<HistoryEvent>> history(const asl::Machine& machine, const Identity& identity,
                                          std::span<const std::string> records);

}  // namespace pawl::execution
