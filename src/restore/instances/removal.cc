#include "restore/instances/removal.h"

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "restore/instances/instance.h"
#include "restore/layout.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

std::string file_of(const Region& region, const std::string& cluster) {
  return Layout(region).cluster(cluster) + "/removing";
}

Result<Removal> read_removal(const std::string& path) {
  const std::string text = TRY(world::read_file(path));
  const auto kept = json::parse(text);
  const auto id = kept ? kept->string_at("operation_id") : std::nullopt;
  const json::Value instances = kept ? (*kept)["instances"] : json::Value();
  if (!id || !instances.is_array()) {
    return Error(ErrorCode::corrupt, concat(path, " does not describe a removal"));
  }
  Removal removal{*id, {}};
  for (const json::Value& instance : instances.elements()) {
    if (instance.is_string()) removal.instances.emplace_back(instance.string());
  }
  return removal;
}

// From what lies there. Where nothing leads to any of them, the one that was not replaced served.
Result<Removal> found_removal(const Region& region, const std::string& cluster) {
  Removal removal{serving_operation(region, cluster).value_or(""), {}};
  for (const Instance& instance : TRY(list_instances(region))) {
    if (instance.cluster != cluster || !instance.may_serve()) continue;
    removal.instances.push_back(instance.operation_id);
    const bool has_served_last = removal.operation_id.empty() && instance.phase == "verified";
    if (has_served_last) removal.operation_id = instance.operation_id;
  }
  return removal;
}

}  // namespace

bool is_removal_begun(const Region& region, const std::string& cluster) {
  return !serving_operation(region, cluster) && world::exists(file_of(region, cluster));
}

bool is_half_removed(const Region& region, const std::string& cluster) {
  return is_removal_begun(region, cluster) ||
         (!serving_operation(region, cluster) && is_kept_down(region, cluster));
}

Result<std::optional<Removal>> removal_of(const Region& region, const std::string& cluster) {
  if (is_removal_begun(region, cluster))
    return std::optional(TRY(read_removal(file_of(region, cluster))));
  const bool serves = serving_operation(region, cluster).has_value();
  if (serves || is_half_removed(region, cluster))
    return std::optional(TRY(found_removal(region, cluster)));
  return std::optional<Removal>();
}

Result<void> begin_removal(const Region& region, const std::string& cluster,
                           const Removal& removal) {
  json::Value::Array instances(removal.instances.begin(), removal.instances.end());
  const json::Value kept = json::Value::object(
      {{"operation_id", removal.operation_id}, {"instances", std::move(instances)}});
  return world::write_file_atomically(file_of(region, cluster), json::write(kept) + "\n", 0644);
}

Result<void> end_removal(const Region& region, const std::string& cluster) {
  TRY(world::remove_file(file_of(region, cluster)));
  return {};
}

}  // namespace pawl::restore
