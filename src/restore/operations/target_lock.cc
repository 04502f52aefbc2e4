#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "restore/known.h"
#include "restore/operations/operation.h"
#include "world/file_lock.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

Result<std::string> folder_of(const Settings& settings, const std::string& region,
                              const std::string& cluster) {
  TRY(check_cluster_name(cluster));
  return Layout(*TRY(known_region(settings, region))).cluster(cluster);
}

// The operation that has taken the lock last.
Result<std::optional<std::string>> read_holder(const std::string& folder) {
  auto text = world::read_file(folder + "/lock");
  if (!text && text.error().code() == ErrorCode::not_found) return std::optional<std::string>();
  if (!text) return std::move(text).error();
  if (trim(*text).empty()) return std::optional<std::string>();
  const auto value = json::parse(*text);
  if (!value || !value->string_at("operation_id")) {
    return Error(ErrorCode::corrupt, concat(folder, "/lock does not say who holds it"));
  }
  return value->string_at("operation_id");
}

// An operation that has ended, or of which nothing is left, holds nothing any more.
bool has_ended(const Result<json::Value>& state) {
  if (!state) return state.error().code() == ErrorCode::not_found;
  return state->string_at("status").value_or("RUNNING") != "RUNNING";
}

}  // namespace

Error target_is_busy(const Target& target, const std::string& holder, const json::Value& state) {
  const auto started = state.string_at("started");
  const std::string arn = state.string_at("execution_arn").value_or("");
  return Error(
      ErrorCode::conflict,
      concat("cluster ", target.cluster, " in ", target.region, " is being restored by operation ",
             holder, started ? " since " : "", started.value_or("")),
      arn.empty() ? concat("Wait for it. It was begun by single steps: "
                           "aurora-restore-record-failure with operation_id ",
                           holder, " ends it.")
                  : concat("Wait for it: `pawl execution watch ", arn,
                           "`; or stop it: `pawl execution stop ", arn, "`."));
}

TargetLock::TargetLock(const Settings& settings, world::Clock& clock)
    : settings_(settings), clock_(clock) {}

Result<void> TargetLock::acquire(const std::string& region, const std::string& cluster,
                                 const std::string& operation_id) {
  const std::string folder = TRY(folder_of(settings_, region, cluster));
  TRY(world::make_directories(folder, 0755));
  const auto guard = TRY(world::FileLock::wait(folder + "/lock.guard"));
  const auto held = TRY(read_holder(folder));
  if (held && *held == operation_id) return {};
  if (held) {
    const auto state = Operations(settings_, clock_).read(region, *held);
    if (!has_ended(state)) {
      return target_is_busy({region, cluster}, *held, state ? *state : json::Value::object());
    }
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
  if (!held || *held != operation_id) return {};
  return world::write_file_atomically(folder + "/lock", "", 0644);
}

Result<std::optional<std::string>> TargetLock::holder(const std::string& region,
                                                      const std::string& cluster) const {
  const auto held = TRY(read_holder(TRY(folder_of(settings_, region, cluster))));
  if (!held) return std::optional<std::string>();
  if (has_ended(Operations(settings_, clock_).read(region, *held))) {
    return std::optional<std::string>();
  }
  return held;
}

}  // namespace pawl::restore
