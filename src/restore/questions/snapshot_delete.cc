#include <set>

#include "base/text.h"
#include "restore/batch/verbs.h"
#include "restore/known.h"
#include "restore/questions/questions.h"
#include "restore/snapshots/archive_tier.h"
#include "restore/snapshots/missing_snapshot.h"
#include "restore/snapshots/remove_snapshot.h"
#include "restore/snapshots/snapshot_lock.h"
#include "world/files.h"

namespace pawl::restore::questions {
namespace {

struct Asked {
  Region region;
  std::string cluster, date;
  bool is_forced = false;
};

Result<Asked> read(const Settings& settings, const json::Value& event) {
  Asked asked;
  asked.cluster = TRY(batch::required_text(event, "cluster_name"));
  TRY(check_cluster_name(asked.cluster));
  asked.date = TRY(batch::required_text(event, "snapshot_date"));
  // Which one "latest" is may have changed since whoever says it has looked.
  if (!is_date(asked.date)) {
    return Error(ErrorCode::invalid_argument,
                 concat("snapshot date \"", asked.date, "\" is not YYYY-MM-DD"));
  }
  auto region = event.string_at("region");
  if (!region) region = TRY(known_cluster(settings, asked.cluster))->region;
  asked.region = *TRY(known_region(settings, *region));
  asked.is_forced = event.boolean_at("force").value_or(false);
  return asked;
}

// How many there are of the cluster, in all regions and both tiers, beside the one of that date in
// that region.
Result<size_t> count_others(Services& services, const Asked& asked) {
  size_t others = 0;
  for (const auto& [name, region] : services.settings.regions) {
    std::set<std::string> dates;
    for (const Snapshot& snapshot : TRY(services.catalogue.list(name, asked.cluster))) {
      dates.insert(snapshot.date);
    }
    for (const Archived& one : TRY(list_archived(services.settings, name, asked.cluster))) {
      dates.insert(one.snapshot.date);
    }
    if (name == asked.region.name) dates.erase(asked.date);
    others += dates.size();
  }
  return others;
}

// A restore that has begun will come back for it, also when it does not read it at the moment.
Result<void> check_is_unused(Services& services, const Asked& asked) {
  for (const auto& [name, region] : services.settings.regions) {
    for (const std::string& id : TRY(services.operations.list(name))) {
      const auto state = services.operations.read(name, id);
      const bool is_of_it = state && (*state)["cluster_name"] == asked.cluster &&
                            (*state)["snapshot_date"] == asked.date &&
                            ((*state)["source_region"] == asked.region.name ||
                             (*state)["target_region"] == asked.region.name);
      if (!is_of_it || !is_alive(services, name, id)) continue;
      return Error(ErrorCode::conflict,
                   concat("the snapshot of ", asked.cluster, " of ", asked.date, " in ",
                          asked.region.name, " is being restored by operation ", id),
                   "Wait for it, or stop its execution.");
    }
  }
  return {};
}

Result<void> check_is_not_last(Services& services, const Asked& asked) {
  if (asked.is_forced || TRY(count_others(services, asked)) > 0) return {};
  return Error(ErrorCode::conflict,
               concat("the snapshot of ", asked.cluster, " of ", asked.date, " in ",
                      asked.region.name, " is the last one of ", asked.cluster),
               "Take another first, or delete it all the same: --force.");
}

}  // namespace

Result<json::Value> snapshot_delete(Services& services, const functions::Call& call) {
  const Asked asked = TRY(read(services.settings, call.event));
  const auto found = services.provider.find_snapshot(asked.region.name, asked.cluster, asked.date);
  if (!found && found.error().code() == ErrorCode::not_found) {
    return missing_snapshot(services.settings,
                            {asked.region.name, asked.cluster, asked.date, "--region"});
  }
  if (!found) return found.error();
  TRY(check_is_unused(services, asked));
  TRY(check_is_not_last(services, asked));
  const auto lock = try_change_snapshot(asked.region, asked.cluster, asked.date);
  if (!lock && lock.error().code() == ErrorCode::unavailable) {
    return Error(ErrorCode::conflict, lock.error().message());
  }
  if (!lock) return lock.error();
  TRY(remove_snapshot(Layout(asked.region).snapshot(asked.cluster, asked.date), *lock));
  TRY(remove_archived(asked.region, asked.cluster, asked.date, *lock));
  return json::Value::object({{"cluster", asked.cluster},
                              {"region", asked.region.name},
                              {"date", asked.date},
                              {"bytes", found->bytes}});
}

}  // namespace pawl::restore::questions
