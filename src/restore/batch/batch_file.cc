#include "restore/batch/batch_file.h"

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "restore/ids.h"
#include "restore/known.h"
#include "world/files.h"

namespace pawl::restore::batch {
namespace {

Result<json::Value> load(const std::string& path, const std::string& id) {
  if (!world::exists(path)) {
    return Error(ErrorCode::not_found, concat("batch \"", id, "\" does not exist"));
  }
  const std::string text = TRY(world::read_file(path));
  auto batch = json::parse(text);
  if (!batch || !batch->is_object()) {
    return Error(ErrorCode::corrupt, concat("batch file ", path, " is not a JSON object"));
  }
  return std::move(*batch);
}

Result<void> keep(const std::string& path, const json::Value& batch) {
  return world::write_file_atomically(path, json::write_pretty(batch) + "\n", 0640);
}

}  // namespace

Result<std::string> Batches::path_of(const std::string& id) const {
  TRY(check_operation_id(id));
  return Layout(*TRY(home_region(settings_))).batch(id);
}

Result<json::Value> Batches::create(const std::string& id, const json::Value& batch) {
  const std::string path = TRY(path_of(id));
  const std::lock_guard lock(mutex_);
  if (world::exists(path)) {
    json::Value kept = TRY(load(path, id));
    if (kept["owner"] == batch["owner"]) return kept;
    return Error(ErrorCode::already_exists, concat("batch \"", id, "\" exists already"),
                 "Choose another batch_id, or look at that one's report.");
  }
  TRY(check_is_no_operation(settings_, id));
  TRY(world::make_directories(world::parent_directory(path), 0755));
  TRY(keep(path, batch));
  return batch;
}

Result<json::Value> Batches::read(const std::string& id) const {
  return load(TRY(path_of(id)), id);
}

Result<json::Value> Batches::change(const std::string& id, const Change& change) {
  const std::string path = TRY(path_of(id));
  const std::lock_guard lock(mutex_);
  const json::Value batch = TRY(load(path, id));
  json::Value changed = TRY(change(batch));
  if (!(changed == batch)) TRY(keep(path, changed));
  return changed;
}

json::Value entry(const json::Value& batch, std::string_view list, int64_t index) {
  const json::Value* entries = batch.find(list);
  if (!entries || !entries->is_array()) return {};
  for (const json::Value& entry : entries->elements()) {
    if (entry.integer_at("index") == index) return entry;
  }
  return {};
}

json::Value with_entry(const json::Value& batch, std::string_view list, json::Value entry) {
  const auto index = entry.integer_at("index");
  const json::Value entries = batch[list];
  json::Value::Array changed;
  bool is_placed = false;
  if (entries.is_array()) {
    for (const json::Value& old : entries.elements()) {
      const bool is_same = old.integer_at("index") == index;
      changed.push_back(is_same ? entry : old);
      is_placed = is_placed || is_same;
    }
  }
  if (!is_placed) changed.push_back(std::move(entry));
  return batch.with(list, std::move(changed));
}

}  // namespace pawl::restore::batch
