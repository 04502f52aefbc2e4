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

namespace pawl::restore::questions {
namespace {

// What there is to move, and what becomes of the copy.
struct Work : Beginning {
  bool archives_copy = false, cleans_up_copy = false;
  uint64_t bytes_copied() const { return space.needs_copy ? snapshot.bytes : 0; }
};

Result<Work> work_of(Services& services, const Asked& asked, const json::Value& event) {
  Work work{TRY(check_can_begin(services, item_of(asked), ""))};
  work.archives_copy =
      event.boolean_at("archive").value_or(true) &&
      is_copy_at_target(services.settings, {asked.cluster, asked.source.name, asked.target.name});
  work.cleans_up_copy = event.boolean_at("cleanup_snapshot").value_or(false);
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
  const std::string copy = !work.space.needs_copy
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
      concat(work.space.shares_blocks ? "share the blocks of " : "restore ", bytes, beside),
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
                                     work.bytes_copied() + 2 * work.snapshot.bytes));
  const json::Value copy =
      json::Value::object({{"needed", work.space.needs_copy}, {"bytes", work.bytes_copied()}});
  const json::Value restore = json::Value::object(
      {{"bytes", work.snapshot.bytes}, {"shares_blocks", work.space.shares_blocks}});
  const json::Value disk = json::Value::object(
      {{"free_bytes", work.space.bytes_free}, {"needed_bytes", work.space.bytes_needed}});
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
