#include <algorithm>

#include "api/lambda/configuration.h"
#include "base/text.h"

namespace pawl::api::lambda {
namespace {

// The service shows at most fifty; nobody here needs to ask twice.
constexpr int64_t page_max = 10'000;

}  // namespace

Result<Reply> list_functions(const Asked& asked) {
  std::map<std::string, json::Value> by_name;
  for (const auto& [name, function] : asked.rooms.functions.registry().all())
    by_name.emplace(name, configuration(asked, function));
  if (auto* host = asked.rooms.functions.host())
    for (const auto& definition : host->all())
      by_name.emplace(definition->name, configuration(asked, *definition));
  // A page begins behind the name that its marker is.
  const auto size = static_cast<size_t>(
      std::clamp<int64_t>(parse_integer(asked.query("MaxItems")).value_or(page_max), 1, page_max));
  const std::string marker = asked.query("Marker");
  json::Value::Array functions;
  auto next = marker.empty() ? by_name.begin() : by_name.upper_bound(marker);
  std::string last;
  for (; next != by_name.end() && functions.size() < size; ++next) {
    functions.push_back(next->second);
    last = next->first;
  }
  auto page = json::Value::object({{"Functions", std::move(functions)}});
  return Reply{200, next == by_name.end() ? page : page.with("NextMarker", last)};
}

}  // namespace pawl::api::lambda
