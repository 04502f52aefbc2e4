#include "base/text.h"
#include "restore/instances/endpoint.h"
#include "restore/instances/instance.h"
#include "restore/layout.h"
#include "restore/space.h"
#include "restore/steps/steps.h"
#include "world/moment.h"

namespace pawl::restore::steps {
namespace {

Result<void> check_room(Step& step, const Snapshot& snapshot) {
  const Region& region = step.target();
  const Layout layout(region);
  TRY(space_left(region,
                 TRY(space_needed({layout.snapshot(snapshot.cluster, snapshot.date),
                                   layout.instance(step.request.operation_id), snapshot.bytes}))));
  return {};
}

// Who has its port would otherwise be met at the swap only, after all the work.
Result<void> check_endpoint(Step& step) {
  const std::string& cluster = step.request.target_cluster;
  const uint16_t port = TRY(reserve_endpoint_port(step.services.settings, step.target(), cluster));
  return check_endpoint_port(step.target(), cluster, port);
}

}  // namespace

Result<Done> prepare_target(Step& step) {
  const Snapshot snapshot = TRY(snapshot_of(step));
  TRY(begin_operation(step, snapshot));
  TRY(take_target(step));
  world::moment("prepare:locked");
  TRY(remove_left_overs(step));
  TRY(check_endpoint(step));
  TRY(check_room(step, snapshot));
  world::moment("prepare:done");
  auto serving = serving_operation(step.target(), step.request.target_cluster);
  if (serving == step.request.operation_id) serving = step.request.text("replaces");
  return Done{serving ? concat("instance ", *serving, " serves until the swap")
                      : std::string("nothing serves the target yet"),
              {{"replaces", serving ? json::Value(*serving) : json::Value()}}};
}

}  // namespace pawl::restore::steps
