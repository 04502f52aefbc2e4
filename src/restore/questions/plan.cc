#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "restore/instances/instance.h"
#include "restore/known.h"
#include "restore/questions/asked.h"
#include "restore/questions/begin.h"
#include "restore/questions/estimate.h"
#include "restore/questions/questions.h"
#include "restore/questions/snapshot_row.h"
#include "restore/seconds.h"
#include "restore/snapshots/archive_tier.h"
#include "restore/snapshots/copy.h"
#include "world/files.h"

namespace pawl::restore::questions {
namespace {

// What there is to move, and where to.
struct Work {
  Snapshot snapshot;
  bool needs_copy = false, shares_blocks = false, archives_copy = false, cleans_up_copy = false;
  uint64_t bytes_copied = 0, bytes_needed = 0, bytes_free = 0;
  bool has_space() const { return bytes_needed <= bytes_free; }
};

// Free for us: what the disk has, and no more than the region's limit leaves.
Result<uint64_t> free_in(const Region& region) {
  std::string directory = region.directory;
  while (!world::exists(directory)) directory = world::parent_directory(directory);
  uint64_t free = TRY(world::free_bytes(directory));
  if (!region.space_limit) return free;
  const uint64_t used =
      world::exists(region.directory) ? TRY(world::tree_bytes(region.directory)) : 0;
  return std::min(free, *region.space_limit - std::min(used, *region.space_limit));
}

Result<Work> work_of(Services& services, const Asked& asked, const json::Value& event) {
  Work work;
  work.snapshot = TRY(check_can_begin(services, item_of(asked), ""));
  if (asked.source.name != asked.target.name) {
    work.needs_copy = !TRY(services.catalogue.copy_of(work.snapshot, asked.target.name));
  }
  work.archives_copy =
      event.boolean_at("archive").value_or(true) &&
      is_copy_at_target(services.settings, {asked.cluster, asked.source.name, asked.target.name});
  work.cleans_up_copy = event.boolean_at("cleanup_snapshot").value_or(false);
  work.bytes_copied = work.needs_copy ? work.snapshot.bytes : 0;
  // Whether it is copied first or was so before: what is restored from lies in the target's region.
  work.shares_blocks = world::is_directory(asked.target.directory) &&
                       can_share_blocks(asked.target.directory, asked.target.directory);
  work.bytes_needed = work.bytes_copied + (work.shares_blocks ? 0 : work.snapshot.bytes);
  work.bytes_free = TRY(free_in(asked.target));
  return work;
}

bool has_free_port(const Region& region) {
  for (uint32_t port = region.port_first; port <= region.port_last; ++port) {
    if (is_port_free(static_cast<uint16_t>(port))) return true;
  }
  return false;
}

json::Value steps_of(const Asked& asked, const Work& work, const std::string& replaces) {
  const std::string bytes = format_bytes(work.snapshot.bytes);
  const std::string copy = !work.needs_copy
                               ? "skip the copy: the snapshot is in " + asked.target.name
                               : concat("copy ", bytes, " from ", asked.source.name, " to ",
                                        asked.target.name, ", every byte checked");
  const std::string beside = replaces.empty() ? "" : " beside what serves now";
  const std::string swap = replaces.empty()
                               ? "lead the endpoint to the new server"
                               : concat("lead the endpoint from ", replaces, " to the new server");
  json::Value::Array steps = {
      "check snapshot " + work.snapshot.name,
      copy,
      "lock " + asked.target_cluster,
      concat(work.shares_blocks ? "share the blocks of " : "restore ", bytes, beside),
      "set up users",
      concat("verify ", work.snapshot.inventory.table_count(), " tables"),
      swap};
  if (work.archives_copy) steps.emplace_back("archive the copy");
  steps.emplace_back("notify");
  return steps;
}

json::Value warnings_of(const Settings& settings, const Asked& asked, const Work& work) {
  json::Value::Array warnings = snapshot_warnings(work.snapshot);
  const auto warn = [&](const auto&... pieces) { warnings.push_back(concat(pieces...)); };
  if (!work.has_space()) {
    warn("not enough space in ", asked.target.name, ": ", format_bytes(work.bytes_needed),
         " are needed, ", format_bytes(work.bytes_free), " are free");
  }
  if (!has_free_port(asked.target)) {
    warn("no port of ", asked.target.port_first, "-", asked.target.port_last, " is free");
  }
  if (settings.secrets_file.empty()) {
    warn("no secrets file is configured: no users will be set up");
  }
  if (work.archives_copy && work.cleans_up_copy) warn(nothing_to_clean_up);
  return json::Value(std::move(warnings));
}

}  // namespace

// Reads, and writes nothing: not even a lock.
Result<json::Value> plan(Services& services, const functions::Call& call) {
  const Asked asked = TRY(read_asked(services.settings, call.event));
  const Work work = TRY(work_of(services, asked, call.event));
  const auto port = known_endpoint_port(services.settings, asked.target, asked.target_cluster);
  const auto replaces = serving_operation(asked.target, asked.target_cluster);
  const Estimate time = TRY(estimate(services.operations, asked.target.name, work.snapshot.bytes,
                                     work.bytes_copied + 2 * work.snapshot.bytes));
  const json::Value copy =
      json::Value::object({{"needed", work.needs_copy}, {"bytes", work.bytes_copied}});
  const json::Value restore =
      json::Value::object({{"bytes", work.snapshot.bytes}, {"shares_blocks", work.shares_blocks}});
  const json::Value disk = json::Value::object({{"free_bytes", work.bytes_free},
                                                {"needed_bytes", work.bytes_needed},
                                                {"is_enough", work.has_space()}});
  const json::Value endpoint =
      json::Value::object({{"host", Layout(asked.target).socket(asked.target_cluster)},
                           {"address", "127.0.0.1"},
                           {"port", port ? json::Value(*port) : json::Value()}});
  return json::Value::object({{"cluster_name", asked.cluster},
                              {"target_cluster", asked.target_cluster},
                              {"snapshot", snapshot_row(work.snapshot)},
                              {"source_region", asked.source.name},
                              {"target_region", asked.target.name},
                              {"copy", copy},
                              {"restore", restore},
                              {"disk", disk},
                              {"endpoint", endpoint},
                              {"replaces", replaces ? json::Value(*replaces) : json::Value()},
                              {"estimated_seconds", rounded_to_ms(time.seconds)},
                              {"estimated_from", time.basis},
                              {"steps", steps_of(asked, work, replaces.value_or(""))},
                              {"warnings", warnings_of(services.settings, asked, work)}});
}

}  // namespace pawl::restore::questions
