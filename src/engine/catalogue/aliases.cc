#include "base/text.h"
#include "engine/limits.h"
#include "engine/loop.h"
#include "engine/names.h"
#include "engine/service_errors.h"

namespace pawl::engine {
namespace {

std::string received(const std::vector<AliasRoute>& routes) {
  std::vector<std::string> arns;
  for (const AliasRoute& route : routes) arns.push_back(route.version_arn);
  return concat("Received: [", join(arns, ", "), "]");
}

Error wrong_routes(std::string_view rule, const std::vector<AliasRoute>& routes) {
  return invalid_request(
      concat("Routing configuration must contain ", rule, ". ", received(routes)));
}

Result<void> check_weights(const std::vector<AliasRoute>& routes) {
  int64_t sum = 0;
  std::vector<std::string> weights;
  for (const AliasRoute& route : routes) {
    sum += route.weight;
    weights.push_back(concat(route.weight));
  }
  if (sum == 100) return {};
  return invalid_request(concat("Sum of routing configuration weights must equal 100. Received: [",
                                join(weights, ", "), "]"));
}

}  // namespace

int64_t chosen_version(const std::vector<store::Route>& routes, uint64_t entropy) {
  auto place = static_cast<int64_t>(entropy % 100);
  for (const store::Route& route : routes) {
    if (place < route.weight) return route.version;
    place -= route.weight;
  }
  return routes.empty() ? 0 : routes.back().version;
}

// The routes as they are kept, and whose versions they are. REQUIRES: there is at least one.
Result<Engine::Loop::Routing> Engine::Loop::routing(const std::vector<AliasRoute>& asked) {
  Routing routing;
  for (const AliasRoute& route : asked) {
    const QualifiedArn arn = parse_machine_arn(route.version_arn);
    if (arn.version == 0) return wrong_routes("state machine version ARNs", asked);
    for (const store::Route& other : routing.routes) {
      if (arn.machine_arn != routing.machine_arn)
        return wrong_routes("versions of the same state machine", asked);
      if (other.version == arn.version)
        return wrong_routes("distinct state machine version ARNs", asked);
    }
    routing.machine_arn = arn.machine_arn;
    routing.routes.push_back({arn.version, route.weight});
  }
  TRY(check_weights(asked));
  for (const store::Route& route : routing.routes)
    if (!TRY(store.version(routing.machine_arn, route.version))) return resource_not_found();
  return routing;
}

Result<store::Alias> Engine::Loop::carry(CreateAlias request) {
  Routing asked = TRY(routing(request.routes));
  const std::string arn = alias_arn(asked.machine_arn, request.name);
  if (auto known = TRY(store.alias(arn))) {
    const bool is_same = known->routes == asked.routes && known->description == request.description;
    if (is_same) return *std::move(known);
    return alias_already_exists();
  }
  if (TRY(store.aliases(asked.machine_arn)).size() >= aliases_max)
    return quota_exceeded("a state machine may have 100 aliases");
  const Instant now = clock.now();
  store::Alias alias{.arn = arn,
                     .machine_arn = std::move(asked.machine_arn),
                     .name = std::move(request.name),
                     .description = std::move(request.description),
                     .routes = std::move(asked.routes),
                     .created = now,
                     .updated = now};
  change_catalogue(store::PutAlias{alias});
  return alias;
}

Result<store::Alias> Engine::Loop::carry(UpdateAlias request) {
  auto known = TRY(store.alias(request.arn));
  if (!known) return resource_not_found();
  if (request.routes) {
    Routing asked = TRY(routing(*request.routes));
    if (asked.machine_arn != known->machine_arn)
      return wrong_routes("versions of the alias's state machine", *request.routes);
    known->routes = std::move(asked.routes);
  }
  if (request.description) known->description = *std::move(request.description);
  known->updated = clock.now();
  change_catalogue(store::PutAlias{*known});
  return *std::move(known);
}

Result<void> Engine::Loop::carry(DeleteAlias request) {
  if (!TRY(store.alias(request.arn))) return resource_not_found();
  change_catalogue(store::DeleteAlias{std::move(request.arn)});
  return {};
}

}  // namespace pawl::engine
