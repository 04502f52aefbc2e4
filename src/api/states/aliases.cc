#include "api/states/aliases.h"

#include "api/fields.h"
#include "engine/names.h"

namespace pawl::api::states {

using json::Value;

Result<std::vector<engine::AliasRoute>> read_routes(const Value& input) {
  std::vector<engine::AliasRoute> routes;
  for (const Value& each : input["routingConfiguration"].elements()) {
    std::string arn = TRY(arn_of(each, "stateMachineVersionArn", "stateMachine"));
    routes.push_back({std::move(arn), each.integer_at("weight").value_or(0)});
  }
  return routes;
}

Value routing_shown(const store::Alias& alias) {
  Value::Array routes;
  for (const store::Route& route : alias.routes)
    routes.push_back(Value::object(
        {{"stateMachineVersionArn", engine::version_arn(alias.machine_arn, route.version)},
         {"weight", route.weight}}));
  return routes;
}

}  // namespace pawl::api::states
