#include "base/text.h"
#include "restore/batch/verbs.h"

namespace pawl::restore::batch {
namespace {

json::Value request_of(const json::Value& item) {
  json::Value database = json::Value::object();
  for (const char* name : {"cluster_name", "target_cluster", "snapshot_date", "source_region",
                           "target_region", "priority"}) {
    if (const json::Value* value = item.find(name)) database = database.with(name, *value);
  }
  return database;
}

}  // namespace

// What failed, and what was never started, because something else had failed or the batch was
// stopped. Dates stay those of
// the first batch, so that the fleet still has one moment.
Result<json::Value> failed(const Parts& parts, const functions::Call& call) {
  const std::string id = TRY(required_text(call.event, "batch_id"));
  const json::Value batch = TRY(parts.batches.read(id));
  const bool may_be_open = call.event.boolean_at("include_open").value_or(false) ||
                           is_left_alone(batch, parts.is_running);
  json::Value::Array databases;
  const json::Value items = batch["items"];
  for (const json::Value& item : items.elements()) {
    const json::Value row = entry(batch, "results", item["index"].integer());
    if (!row.is_object() && !may_be_open) {
      return Error(ErrorCode::conflict,
                   concat("batch \"", id, "\" has not ended: ",
                          item.string_at("name").value_or("an item"), " has no result"),
                   "Wait for it, or stop its execution.");
    }
    if (!(row["status"] == "SUCCEEDED")) databases.push_back(request_of(item));
  }
  json::Value input = json::Value::object({{"databases", databases}, {"failed_in", id}});
  const json::Value request = batch["request"];
  for (const char* name : {"limit_override", "restore_input", "restore_machine"}) {
    if (const json::Value* value = request.find(name)) input = input.with(name, *value);
  }
  for (const char* name :
       {"concurrency", "stagger_seconds", "tries", "retry_seconds", "on_failure"}) {
    input = input.with(name, batch[name]);
  }
  return input;
}

}  // namespace pawl::restore::batch
