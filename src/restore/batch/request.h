#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/value.h"
#include "restore/settings.h"

namespace pawl::restore::batch {

// One database of a batch, as it was asked for.
struct Item {
  std::string cluster_name, target_cluster;
  std::string snapshot_date;  // YYYY-MM-DD or "latest"
  std::string source_region, target_region;
  std::optional<int64_t> priority;  // 1 is first; items without one come last
};

// What a batch is asked to do, checked. The members are those of docs/restore-functions.md; the
// names of the original batch template (DatabaseList, SnapshotDate, TargetRegion,
// ConcurrentExecutions) are read too.
struct Request {
  std::vector<Item> items;  // in the order they are to be started
  int64_t concurrency = 3;
  int64_t stagger_seconds = 0;
  int64_t tries = 3;
  int64_t retry_seconds = 5;  // before the second try; doubled for each further one
  bool stops_on_failure = false;
};

constexpr int64_t concurrency_max = 10;
constexpr int64_t tries_max = 10;

// Error: invalid_argument, for everything that can be known to be wrong before anything is started.
Result<Request> parse_request(const json::Value& input, const Settings& settings);

}  // namespace pawl::restore::batch
