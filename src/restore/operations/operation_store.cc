#include <algorithm>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "restore/known.h"
#include "restore/operations/operation.h"
#include "restore/seconds.h"
#include "world/file_lock.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

Result<std::string> folder_of(const Settings& settings, const std::string& region,
                              const std::string& id) {
  TRY(check_operation_id(id));
  return Layout(*TRY(known_region(settings, region))).operation(id);
}

json::Value details_or_empty(const json::Value& details) {
  return details.is_object() ? details : json::Value::object();
}

json::Value to_json(const AuditLine& line) {
  return json::Value::object({{"at", format_instant(line.at)},
                              {"operation_id", line.operation_id},
                              {"step", line.step},
                              {"status", line.status},
                              {"seconds", in_seconds(line.took)},
                              {"details", details_or_empty(line.details)}});
}

std::optional<AuditLine> audit_line(const json::Value& value) {
  const auto at = parse_instant(value.string_at("at").value_or(""));
  if (!at) return std::nullopt;
  AuditLine line;
  line.at = *at;
  line.operation_id = value.string_at("operation_id").value_or("");
  line.step = value.string_at("step").value_or("");
  line.status = value.string_at("status").value_or("");
  line.took = Duration(static_cast<int64_t>(value.number_at("seconds").value_or(0) * 1e6));
  line.details = value["details"];
  return line;
}

}  // namespace

Operations::Operations(const Settings& settings, world::Clock& clock)
    : settings_(settings), clock_(clock) {}

Result<json::Value> Operations::read(const std::string& region, const std::string& id) const {
  const std::string path = TRY(folder_of(settings_, region, id)) + "/state.json";
  auto text = world::read_file(path);
  if (!text && text.error().code() == ErrorCode::not_found) {
    return Error(ErrorCode::not_found, concat("operation ", id, " does not exist in ", region));
  }
  if (!text) return std::move(text).error();
  auto state = json::parse(*text);
  if (state && state->is_object()) return state;
  return Error(ErrorCode::corrupt, concat(path, " is not a JSON object"));
}

Result<json::Value> Operations::find(const std::string& id) const {
  for (const auto& [region, unused] : settings_.regions) {
    auto state = read(region, id);
    if (state || state.error().code() != ErrorCode::not_found) return state;
  }
  return Error(ErrorCode::not_found, concat("operation ", id, " does not exist"));
}

Result<json::Value> Operations::merge(const std::string& region, const std::string& id,
                                      const json::Value& changes) {
  const std::string folder = TRY(folder_of(settings_, region, id));
  TRY(world::make_directories(folder, 0755));
  const auto lock = TRY(world::FileLock::wait(folder + "/lock"));
  json::Value state = json::Value::object({{"operation_id", id}});
  auto kept = read(region, id);
  if (kept) {
    state = *kept;
  } else if (kept.error().code() != ErrorCode::not_found) {
    return std::move(kept).error();
  }
  state = state.merged(changes.members()).with("updated", format_instant(clock_.now()));
  TRY(world::write_file_atomically(folder + "/state.json", json::write_pretty(state) + "\n", 0600));
  return state;
}

Result<void> Operations::append_audit(const std::string& region, const AuditLine& line) {
  const std::string folder = TRY(folder_of(settings_, region, line.operation_id));
  TRY(world::make_directories(folder, 0755));
  return world::append_line_durably(folder + "/audit.jsonl", json::write(to_json(line)), 0600);
}

Result<std::vector<AuditLine>> Operations::audit(const std::string& region,
                                                 const std::string& id) const {
  const std::string path = TRY(folder_of(settings_, region, id)) + "/audit.jsonl";
  auto text = world::read_file(path);
  std::vector<AuditLine> lines;
  if (!text && text.error().code() == ErrorCode::not_found) return lines;
  if (!text) return std::move(text).error();
  for (const std::string_view row : split(*text, '\n')) {
    if (row.empty()) continue;
    // A line that a crash has torn was never acknowledged: it is passed over.
    const auto value = json::parse(row);
    if (!value) continue;
    if (auto line = audit_line(*value)) lines.push_back(std::move(*line));
  }
  return lines;
}

Result<std::vector<std::string>> Operations::list(const std::string& region) const {
  const std::string folder = Layout(*TRY(known_region(settings_, region))).root + "/operations";
  std::vector<std::pair<std::string, std::string>> dated;
  if (!world::is_directory(folder)) return std::vector<std::string>();
  for (const std::string& id : TRY(world::list_directory(folder))) {
    if (!check_operation_id(id)) continue;
    const auto state = read(region, id);
    dated.emplace_back(state ? state->string_at("started").value_or("") : "", id);
  }
  std::sort(dated.rbegin(), dated.rend());
  std::vector<std::string> ids;
  for (auto& [started, id] : dated) ids.push_back(std::move(id));
  return ids;
}

}  // namespace pawl::restore
