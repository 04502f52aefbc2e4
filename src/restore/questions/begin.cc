#include "restore/questions/begin.h"

#include "restore/instances/endpoint.h"
#include "restore/instances/instance.h"
#include "restore/users/users.h"

namespace pawl::restore::questions {
namespace {

Result<void> check_port(const Settings& settings, const batch::Item& item) {
  const Region& region = settings.regions.at(item.target_region);
  const auto port = known_endpoint_port(settings, region, item.target_cluster);
  if (!port) return {};
  return check_endpoint_port(region, item.target_cluster, *port);
}

}  // namespace

batch::Item item_of(const Asked& asked) {
  batch::Item item;
  item.cluster_name = asked.cluster;
  item.target_cluster = asked.target_cluster;
  item.snapshot_date = asked.date;
  item.source_region = asked.source.name;
  item.target_region = asked.target.name;
  return item;
}

Result<Beginning> check_can_begin(Services& services, const batch::Item& item,
                                  const std::string& own_id) {
  Snapshot snapshot = TRY(
      services.provider.find_snapshot(item.source_region, item.cluster_name, item.snapshot_date));
  const auto copy = TRY(services.catalogue.copy_of(snapshot, item.target_region));
  TRY(check_port(services.settings, item));
  TRY(check_is_free(services, {item.target_region, item.target_cluster}, own_id));
  TRY(wanted_users(services.settings, item.cluster_name));
  const Space space = TRY(space_for(services, item, snapshot, copy.has_value()));
  return Beginning{std::move(snapshot), space};
}

}  // namespace pawl::restore::questions
