#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "restore/instances/instance.h"
#include "restore/known.h"
#include "restore/questions/questions.h"
#include "restore/seconds.h"

namespace pawl::restore::questions {

Result<std::vector<Region>> regions_of(const Settings& settings, const json::Value& event) {
  if (const auto wanted = event.string_at("region")) {
    return std::vector<Region>{*TRY(known_region(settings, *wanted))};
  }
  std::vector<Region> regions;
  for (const auto& [name, region] : settings.regions) regions.push_back(region);
  return regions;
}

namespace {

// It does nothing but restore: whoever watches it waits for as long as its execution takes.
constexpr std::string_view shipped_machine = ":execution:restore:";

// What serves the operation's target now, whichever operation it came from.
json::Value with_serving(const Services& services, json::Value row) {
  const auto region = services.settings.regions.find(row.string_at("target_region").value_or(""));
  const auto cluster = row.string_at("target_cluster");
  const bool is_known = region != services.settings.regions.end() && cluster;
  const auto serving = is_known ? serving_operation(region->second, *cluster) : std::nullopt;
  const bool is_down = serving && is_kept_down(region->second, *cluster);
  return row.with("serving", serving ? json::Value(*serving) : json::Value())
      .with("is_serving", serving && row["operation_id"] == *serving && !is_down)
      .with("is_shut_down", is_down);
}

}  // namespace

json::Value as_it_ended(const Services& services, json::Value state) {
  // Whoever stopped its execution left the operation as it was: nobody works on it any more.
  const bool is_left_alone = state["status"] == "RUNNING" && !is_alive(services, state);
  if (is_left_alone) state = state.merged(end_without_work(services, state).members());
  const std::string arn = state.string_at("execution_arn").value_or("");
  const bool is_all_of_it = arn.find(shipped_machine) != arn.npos && !state["ended"].is_null();
  const auto end = is_all_of_it && services.end_of ? services.end_of(arn) : std::nullopt;
  if (!end) return state;
  return state.with("started", format_instant(end->began)).with("ended", format_instant(end->at));
}

json::Value row_of(const Services& services, const json::Value& state) {
  json::Value row = json::Value::object();
  for (const char* name : {"operation_id", "cluster_name", "target_cluster", "target_region",
                           "snapshot_date", "status", "step", "started", "ended"}) {
    row = row.with(name, state[name]);
  }
  row = with_serving(services, std::move(row));
  const auto started = parse_instant(row.string_at("started").value_or(""));
  const auto ended = parse_instant(row.string_at("ended").value_or(""));
  if (!started) return row.with("seconds", nullptr);
  const Instant until = ended.value_or(services.clock.now());
  return row.with("seconds", seconds_between(*started, until));
}

Result<json::Value> list(Services& services, const functions::Call& call) {
  std::vector<json::Value> rows;
  for (const Region& region : TRY(regions_of(services.settings, call.event))) {
    for (const std::string& id : TRY(services.operations.list(region.name))) {
      const auto state = services.operations.read(region.name, id);
      // Removed between the two looks, or only its audit has been kept.
      if (!state && state.error().code() == ErrorCode::not_found) continue;
      if (!state) return state.error();
      rows.push_back(row_of(services, as_it_ended(services, *state)));
    }
  }
  std::stable_sort(rows.begin(), rows.end(), [](const json::Value& left, const json::Value& right) {
    return left.string_at("started").value_or("") > right.string_at("started").value_or("");
  });
  return json::Value::object({{"operations", rows}});
}

}  // namespace pawl::restore::questions
