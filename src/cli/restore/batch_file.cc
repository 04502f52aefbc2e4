#include "cli/restore/batch_file.h"

#include <algorithm>

#include "base/text.h"
#include "cli/json_text.h"

namespace pawl::cli {
namespace {

using Names = std::vector<std::string>;

const Names batch_keys = {"databases",       "batch_id",      "snapshot_date",
                          "source_region",   "target_region", "concurrency",
                          "limit_override",  "tries",         "stagger_seconds",
                          "retry_seconds",   "on_failure",    "restore_input",
                          "restore_machine", "failed_in",     "DatabaseList",
                          "SnapshotDate",    "TargetRegion",  "ConcurrentExecutions"};
const Names database_keys = {"cluster_name",  "target_cluster", "snapshot_date",
                             "source_region", "target_region",  "priority"};

void look_at(const json::Value& object, const std::string& location, const Names& known,
             std::vector<Remark>& remarks) {
  for (const json::Value::Member& member : object.members()) {
    if (std::find(known.begin(), known.end(), member.name) != known.end()) continue;
    const auto meant = nearest(member.name, known);
    remarks.push_back({concat(location, "/", member.name),
                       concat("unknown key \"", member.name, "\"; ",
                              meant ? concat("did you mean \"", *meant, "\"?")
                                    : concat("known here: ", join(known, ", ")))});
  }
}

}  // namespace

Result<json::Value> parse_batch_file(std::string_view text, std::string_view file) {
  const json::Value batch = TRY(parse_json(text, file));
  if (!batch.is_object()) {
    return Error(ErrorCode::invalid_argument, concat(file, ": the batch is no JSON object"));
  }
  std::vector<Remark> remarks;
  look_at(batch, "", batch_keys, remarks);
  const json::Value databases = batch["databases"];
  for (size_t at = 0; databases.is_array() && at < databases.size(); ++at) {
    const json::Value& database = databases.elements()[at];
    if (!database.is_object()) continue;
    look_at(database, concat("/databases[", at, "]"), database_keys, remarks);
  }
  const json::Value* id = batch.find("batch_id");
  if (id != nullptr && (!id->is_string() || id->string().empty())) {
    remarks.push_back({"/batch_id", "batch_id is not a string that names the batch"});
  }
  if (remarks.empty()) return batch;
  return Error(ErrorCode::invalid_argument, join(placed(text, file, remarks), "\n"));
}

}  // namespace pawl::cli
