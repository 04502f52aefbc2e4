#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/value.h"
#include "restore/layout.h"
#include "restore/settings.h"

namespace pawl::restore::batch {

// The batches of the home region, one file each (batches/<id>.json), written atomically and durable
// on return:
//
//   {"batch_id", "owner", "created", "concurrency", "stagger_seconds", "tries", "retry_seconds",
//    "on_failure", "restore_machine", "request",
//    "items":   [{"index", "cluster_name", "target_cluster", …}],
//    "turns":   [{"index", "start_at"}],              when an item was allowed to start
//    "failures": [{"index", "attempt", "error", "cause"}], of the last try of an item that failed
//    "results": [{"index", "database", "status", …}], the one row of each item that has ended
//    "stopped"}                                       nothing further is started
//
// `owner` is the execution, or the request, that the batch was made for: the same one finds its own
// batch again after a crash, another one is refused.
class Batches {
 public:
  explicit Batches(const Settings& settings) : settings_(settings) {}

  // Keeps a new batch. Where the owner of `batch` has made it already, that one is returned as it
  // is. Error: already_exists where it is someone else's, or an operation has that id.
  Result<json::Value> create(const std::string& id, const json::Value& batch);
  Result<json::Value> read(const std::string& id) const;

  using Change = std::function<Result<json::Value>(const json::Value& batch)>;
  // Replaces a batch by what `change` makes of it; one change at a time. Returns the new one.
  Result<json::Value> change(const std::string& id, const Change& change);

 private:
  Result<std::string> path_of(const std::string& id) const;

  const Settings& settings_;
  std::mutex mutex_;  // only orders changes; the truth is on the disk
};

// The element of `list` (items, turns, failures or results of a batch) with that index, or null.
json::Value entry(const json::Value& batch, std::string_view list, int64_t index);
// A copy of the batch with the entry put in the place of the one of its index, or at the end.
json::Value with_entry(const json::Value& batch, std::string_view list, json::Value entry);

}  // namespace pawl::restore::batch
