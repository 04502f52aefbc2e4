#include "restore/instances/instance.h"

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "restore/layout.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

Result<Instance> instance_from_json(const json::Value& value, const std::string& path) {
  Instance instance;
  const auto port = value.integer_at("port");
  const auto id = value.string_at("operation_id");
  const auto phase = value.string_at("phase");
  if (!port || *port <= 0 || *port > 65535 || !id || !phase) {
    return Error(ErrorCode::corrupt, concat(path, " does not describe an instance"));
  }
  instance.operation_id = *id;
  instance.phase = *phase;
  instance.port = static_cast<uint16_t>(*port);
  instance.region = value.string_at("region").value_or("");
  instance.cluster = value.string_at("cluster").value_or("");
  instance.snapshot_cluster = value.string_at("snapshot_cluster").value_or("");
  instance.snapshot_date = value.string_at("snapshot_date").value_or("");
  instance.replaces = value.string_at("replaces").value_or("");
  if (const auto at = parse_instant(value.string_at("created").value_or(""))) {
    instance.created = *at;
  }
  instance.keep_until = parse_instant(value.string_at("keep_until").value_or(""));
  return instance;
}

}  // namespace

json::Value to_json(const Instance& instance) {
  json::Value value = json::Value::object({{"operation_id", instance.operation_id},
                                           {"region", instance.region},
                                           {"cluster", instance.cluster},
                                           {"snapshot_cluster", instance.snapshot_cluster},
                                           {"snapshot_date", instance.snapshot_date},
                                           {"phase", instance.phase},
                                           {"port", instance.port},
                                           {"created", format_instant(instance.created)}});
  if (!instance.replaces.empty()) value = value.with("replaces", instance.replaces);
  if (instance.keep_until) value = value.with("keep_until", format_instant(*instance.keep_until));
  return value;
}

Result<Instance> read_instance(const Region& region, const std::string& operation_id) {
  TRY(check_operation_id(operation_id));
  const std::string directory = Layout(region).instance(operation_id);
  const std::string path = directory + "/instance.json";
  auto text = world::read_file(path);
  if (!text && text.error().code() == ErrorCode::not_found) {
    return Error(ErrorCode::not_found,
                 concat("operation ", operation_id, " has no instance in ", region.name));
  }
  if (!text) return std::move(text).error();
  const auto value = json::parse(*text);
  if (!value) return Error(ErrorCode::corrupt, concat(path, " is not JSON"));
  Instance instance = TRY(instance_from_json(*value, path));
  instance.directory = directory;
  return instance;
}

Result<void> write_instance(const Instance& instance) {
  return world::write_file_atomically(instance.directory + "/instance.json",
                                      json::write_pretty(to_json(instance)) + "\n", 0644);
}

Result<std::vector<Instance>> list_instances(const Region& region) {
  std::vector<Instance> instances;
  const std::string folder = Layout(region).root + "/instances";
  if (!world::is_directory(folder)) return instances;
  for (const std::string& name : TRY(world::list_directory(folder))) {
    if (!check_operation_id(name)) continue;
    auto instance = read_instance(region, name);
    if (instance) {
      instances.push_back(std::move(*instance));
    } else {
      Instance unknown;
      unknown.operation_id = name;
      unknown.phase = "unknown";
      unknown.directory = concat(folder, "/", name);
      instances.push_back(std::move(unknown));
    }
  }
  return instances;
}

std::optional<std::string> serving_operation(const Region& region, const std::string& cluster) {
  const auto target = world::read_symlink(Layout(region).cluster(cluster) + "/current");
  if (!target) return std::nullopt;
  return target->substr(target->rfind('/') + 1);
}

bool serves(const Region& region, const Instance& instance) {
  return serving_operation(region, instance.cluster) == instance.operation_id;
}

namespace {

std::string mark_of_down(const Region& region, const std::string& cluster) {
  return Layout(region).cluster(cluster) + "/stopped";
}

}  // namespace

Result<void> keep_down(const Region& region, const std::string& cluster) {
  return world::write_file_atomically(mark_of_down(region, cluster), "", 0644);
}

Result<void> let_up(const Region& region, const std::string& cluster) {
  TRY(world::remove_file(mark_of_down(region, cluster)));
  return {};
}

bool is_kept_down(const Region& region, const std::string& cluster) {
  return world::exists(mark_of_down(region, cluster));
}

}  // namespace pawl::restore
