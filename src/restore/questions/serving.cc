#include "base/log.h"
#include "base/text.h"
#include "restore/batch/verbs.h"
#include "restore/instances/instance.h"
#include "restore/instances/removal.h"
#include "restore/known.h"
#include "restore/questions/questions.h"
#include "restore/questions/register_questions.h"
#include "world/files.h"

// Verbs about what serves a cluster now, whichever restore it came from.
namespace pawl::restore {
namespace questions {
namespace {

struct Served : Target {
  std::optional<std::string> operation_id;  // of what serves
};

bool is_served(const Region& region, const std::string& cluster) {
  return serving_operation(region, cluster).has_value();
}

bool can_be_removed(const Region& region, const std::string& cluster) {
  return is_served(region, cluster) || is_half_removed(region, cluster);
}

using Condition = bool (*)(const Region& region, const std::string& cluster);

// The region that the input names, or the only one in which the condition holds for the cluster.
Result<Served> target_of(const Settings& settings, const json::Value& event,
                         Condition holds = is_served) {
  Served target;
  target.cluster = TRY(batch::required_text(event, "target_cluster"));
  TRY(check_cluster_name(target.cluster));
  std::vector<std::string> found;
  for (const Region& region : TRY(regions_of(settings, event))) {
    if (holds(region, target.cluster)) found.push_back(region.name);
  }
  if (found.size() > 1) {
    return Error(ErrorCode::invalid_argument,
                 concat(target.cluster, " is served in ", join(found, ", ")),
                 concat("Name the region (--region), such as ", found[0], "."));
  }
  if (found.empty()) {
    return Error(ErrorCode::not_found,
                 concat("nothing serves ", target.cluster, event.string_at("region") ? " in " : "",
                        event.string_at("region").value_or("")),
                 "`pawl restore list` shows what has been restored.");
  }
  target.region = found[0];
  target.operation_id = serving_operation(settings.regions.at(target.region), target.cluster);
  return target;
}

json::Value answer(const Served& target, std::string_view status) {
  const auto& id = target.operation_id;
  return json::Value::object({{"target_cluster", target.cluster},
                              {"region", target.region},
                              {"operation_id", id ? json::Value(*id) : json::Value()},
                              {"status", status}});
}

// The operation's own report says from now on that it is gone.
Result<void> keep_removed(Services& services, const Served& target, Instant began) {
  if (!target.operation_id || !services.operations.read(target.region, *target.operation_id)) {
    return {};
  }
  const Instant now = services.clock.now();
  TRY(services.operations.merge(
      target.region, *target.operation_id,
      json::Value::object(
          {{"status", "REMOVED"}, {"endpoint", nullptr}, {"removed_at", format_instant(now)}})));
  AuditLine line;
  line.at = now;
  line.operation_id = *target.operation_id;
  line.step = "remove";
  line.status = "SUCCESS";
  line.took = now - began;
  return services.operations.append_audit(target.region, line);
}

// Each piece may be done again: whoever comes after a crash begins with what is kept of it.
Result<void> remove_target(Services& services, Served& target) {
  const Instant began = services.clock.now();
  const Region& region = services.settings.regions.at(target.region);
  const auto removal = TRY(removal_of(region, target.cluster));
  if (!removal) return {};
  if (!removal->operation_id.empty()) target.operation_id = removal->operation_id;
  TRY(begin_removal(region, target.cluster, *removal));
  TRY(services.provider.remove(target.region, target.cluster));
  TRY(keep_removed(services, target, began));
  return end_removal(region, target.cluster);
}

}  // namespace

Result<json::Value> stop(Services& services, const functions::Call& call) {
  const Served target = TRY(target_of(services.settings, call.event));
  TRY(check_is_free(services, target));
  TRY(services.provider.stop(target.region, target.cluster));
  return answer(target, "STOPPED");
}

Result<json::Value> start(Services& services, const functions::Call& call) {
  const Served target = TRY(target_of(services.settings, call.event));
  TRY(check_is_free(services, target));
  const Endpoint endpoint = TRY(services.provider.start(target.region, target.cluster));
  return answer(target, "SERVING")
      .with("endpoint",
            json::Value::object(
                {{"host", endpoint.host}, {"address", endpoint.address}, {"port", endpoint.port}}));
}

Result<json::Value> remove(Services& services, const functions::Call& call) {
  Served target = TRY(target_of(services.settings, call.event, can_be_removed));
  TRY(check_is_free(services, target));
  TRY(remove_target(services, target));
  return answer(target, "REMOVED");
}

}  // namespace questions

void carry_on_removals(Services& services) {
  for (const auto& [name, region] : services.settings.regions) {
    const auto clusters = world::list_directory(Layout(region).root + "/clusters");
    if (!clusters) continue;  // nothing was ever restored there
    for (const std::string& cluster : *clusters) {
      questions::Served target{{name, cluster}, {}};
      const bool is_ours = is_removal_begun(region, cluster) && check_is_free(services, target);
      if (!is_ours) continue;
      log(LogLevel::warning, "a removal that was interrupted is carried on",
          {{"cluster", cluster}, {"region", name}});
      if (auto removed = questions::remove_target(services, target); !removed) {
        log(LogLevel::error, removed.error().text(), {{"cluster", cluster}, {"region", name}});
      }
    }
  }
}

}  // namespace pawl::restore
