#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "restore/known.h"
#include "restore/questions/questions.h"

namespace pawl::restore::questions {

Result<std::vector<Region>> regions_of(const Settings& settings, const json::Value& event) {
  if (const auto wanted = event.string_at("region")) {
    return std::vector<Region>{*TRY(known_region(settings, *wanted))};
  }
  std::vector<Region> regions;
  for (const auto& [name, region] : settings.regions) regions.push_back(region);
  return regions;
}

json::Value row_of(const json::Value& state, Instant now) {
  json::Value row = json::Value::object();
  for (const char* name : {"operation_id", "cluster_name", "target_cluster", "target_region",
                           "snapshot_date", "status", "step", "started", "ended"}) {
    row = row.with(name, state[name]);
  }
  const auto started = parse_instant(state.string_at("started").value_or(""));
  const auto ended = parse_instant(state.string_at("ended").value_or("")).value_or(now);
  if (!started) return row.with("seconds", nullptr);
  return row.with("seconds", epoch_seconds(ended) - epoch_seconds(*started));
}

Result<json::Value> list(Services& services, const functions::Call& call) {
  std::vector<json::Value> rows;
  for (const Region& region : TRY(regions_of(services.settings, call.event))) {
    for (const std::string& id : TRY(services.operations.list(region.name))) {
      const auto state = services.operations.read(region.name, id);
      // Removed between the two looks, or only its audit has been kept.
      if (!state && state.error().code() == ErrorCode::not_found) continue;
      if (!state) return state.error();
      rows.push_back(row_of(*state, services.clock.now()));
    }
  }
  std::stable_sort(rows.begin(), rows.end(), [](const json::Value& left, const json::Value& right) {
    return left.string_at("started").value_or("") > right.string_at("started").value_or("");
  });
  return json::Value::object({{"operations", rows}});
}

}  // namespace pawl::restore::questions
