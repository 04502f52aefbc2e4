#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "functions/function.h"
#include "json/value.h"
#include "restore/services.h"

namespace pawl::restore {

// What a step is to work on: from its input, and where that is silent from the operation's state.
struct Request {
  std::string operation_id;
  std::string cluster, target_cluster;
  std::string snapshot_date;
  std::string source_region, target_region;
  json::Value event;  // as it came
  json::Value state;  // as it is kept; null where the operation is new

  bool is_new() const { return state.is_null(); }
  bool is_same_region() const { return source_region == target_region; }
  // The member from the input, else from the state.
  std::optional<std::string> text(std::string_view name) const;
  bool is_set(std::string_view name) const;
};

// The id that names the operation: of the input, the execution, or the call.
Result<std::string> operation_id_of(const functions::Call& call);

// Errors (invalid_argument) say which member is missing or wrong.
Result<Request> read_request(Services& services, const functions::Call& call);

}  // namespace pawl::restore
