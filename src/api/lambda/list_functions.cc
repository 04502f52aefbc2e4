#include "api/lambda/configuration.h"

namespace pawl::api::lambda {

Result<Reply> list_functions(const Asked& asked) {
  std::map<std::string, json::Value> by_name;
  for (const auto& [name, function] : asked.rooms.functions.registry().all())
    by_name.emplace(name, configuration(asked, function));
  if (auto* host = asked.rooms.functions.host())
    for (const auto& definition : host->all())
      by_name.emplace(definition->name, configuration(asked, *definition));
  json::Value::Array functions;
  for (auto& [name, shown] : by_name) functions.push_back(std::move(shown));
  return Reply{200, json::Value::object({{"Functions", std::move(functions)}})};
}

}  // namespace pawl::api::lambda
