#include "cli/restore/served_target.h"

namespace pawl::cli {

void ServedTarget::declare(Arguments& arguments) {
  arguments.positional("TARGET", name, "the restored cluster");
  arguments.option("--region", region, "where; needed where it is served in several");
}

Result<json::Value> ServedTarget::invoke(const Client& client, std::string_view function) const {
  const auto event = json::Value::object({{"target_cluster", name}});
  return client.invoke(function, region.empty() ? event : event.with("region", region));
}

}  // namespace pawl::cli
