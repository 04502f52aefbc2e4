#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "restore/known.h"
#include "restore/operations/operation.h"
#include "world/file_lock.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

struct Holder {
  std::string operation_id, since;
};

Result<std::string> folder_of(const Settings& settings, const std::string& region,
                              const std::string& cluster) {
  TRY(check_cluster_name(cluster));
  return Layout(*TRY(known_region(settings, region))).cluster(cluster);
}

Result<std::optional<Holder>> read_holder(const std::string& folder) {
  auto text = world::read_file(folder + "/lock");
  if (!text && text.error().code() == ErrorCode::not_found) return std::optional<Holder>();
  if (!text) return std::move(text).error();
  if (trim(*text).empty()) return std::optional<Holder>();
  const auto value = json::parse(*text);
  if (!value || !value->string_at("operation_id")) {
    return Error(ErrorCode::corrupt, concat(folder, "/lock does not say who holds it"));
  }
  return std::optional<Holder>(
      Holder{*value->string_at("operation_id"), value->string_at("since").value_or("")});
}

// An operation that has ended, or of which nothing is left, holds nothing any more.
bool has_ended(const Settings& settings, world::Clock& clock, const std::string& region,
               const std::string& id) {
  const auto state = Operations(settings, clock).read(region, id);
  if (!state) return state.error().code() == ErrorCode::not_found;
  const std::string status = state->string_at("status").value_or("RUNNING");
  return status != "RUNNING";
}

}  // namespace

TargetLock::TargetLock(const Settings& settings, world::Clock& clock)
    : settings_(settings), clock_(clock) {}

Result<void> TargetLock::acquire(const std::string& region, const std::string& cluster,
                                 const std::string& operation_id) {
  const std::string folder = TRY(folder_of(settings_, region, cluster));
  TRY(world::make_directories(folder, 0755));
  const auto guard = TRY(world::FileLock::wait(folder + "/lock.guard"));
  const auto held = TRY(read_holder(folder));
  if (held && held->operation_id == operation_id) return {};
  if (held && !has_ended(settings_, clock_, region, held->operation_id)) {
    return Error(ErrorCode::conflict,
                 concat("cluster ", cluster, " in ", region, " is being restored by operation ",
                        held->operation_id, " since ", held->since),
                 concat("Wait for it, stop its execution, or end it by calling "
                        "aurora-restore-record-failure with operation_id ",
                        held->operation_id, "."));
  }
  const json::Value text = json::Value::object(
      {{"operation_id", operation_id}, {"since", format_instant(clock_.now())}});
  return world::write_file_atomically(folder + "/lock", json::write(text) + "\n", 0644);
}

Result<void> TargetLock::release(const std::string& region, const std::string& cluster,
                                 const std::string& operation_id) {
  const std::string folder = TRY(folder_of(settings_, region, cluster));
  if (!world::is_directory(folder)) return {};
  const auto guard = TRY(world::FileLock::wait(folder + "/lock.guard"));
  const auto held = TRY(read_holder(folder));
  if (!held || held->operation_id != operation_id) return {};
  return world::write_file_atomically(folder + "/lock", "", 0644);
}

Result<std::optional<std::string>> TargetLock::holder(const std::string& region,
                                                      const std::string& cluster) const {
  const auto held = TRY(read_holder(TRY(folder_of(settings_, region, cluster))));
  if (!held || has_ended(settings_, clock_, region, held->operation_id)) {
    return std::optional<std::string>();
  }
  return std::optional<std::string>(held->operation_id);
}

}  // namespace pawl::restore
