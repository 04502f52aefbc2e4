#include "restore/questions/batch_report.h"

#include "base/text.h"
#include "restore/batch/verbs.h"
#include "restore/questions/questions.h"

namespace pawl::restore::questions {
namespace {

// A restore that failed before it began has no state: what the batch knows of it stands in.
json::Value completed(json::Value operation, const json::Value& row) {
  const std::pair<const char*, const char*> members[] = {{"cluster_name", "cluster_name"},
                                                         {"target_cluster", "target_cluster"},
                                                         {"target_region", "target_region"},
                                                         {"snapshot_date", "snapshot_date"},
                                                         {"status", "status"},
                                                         {"started", "started"},
                                                         {"ended", "ended"},
                                                         {"seconds", "seconds"},
                                                         {"error", "error"},
                                                         {"cause", "cause"}};
  for (const auto& [name, in_row] : members) {
    if (operation[name].is_null()) operation = operation.with(name, row[in_row]);
  }
  // In a batch a database takes as long as its row says, with its tries and what is between them.
  if (!row["seconds"].is_null()) {
    for (const char* name : {"started", "ended", "seconds"}) {
      operation = operation.with(name, row[name]);
    }
  }
  return operation.with("database", row["database"]).with("attempts", row["attempts"]);
}

// The operation that the item is at, or was at last: rows name it once they are written.
std::string operation_of(const json::Value& batch, const json::Value& row) {
  if (auto id = row.string_at("operation_id")) return std::move(*id);
  const json::Value item = batch::entry(batch, "items", row.integer_at("index").value_or(-1));
  return concat(item.string_at("execution_prefix").value_or(""), "-",
                row.integer_at("attempts").value_or(1));
}

}  // namespace

Result<json::Value> batch_report(Services& services, batch::Batches& batches,
                                 const functions::Call& call) {
  const std::string id = TRY(batch::required_text(call.event, "batch_id"));
  const json::Value batch = TRY(batches.read(id));
  const json::Value summary =
      batch::summary(batch, services.clock.now(), batch::is_left_alone(batch, services.is_running));
  json::Value::Array operations;
  const json::Value rows = summary["results"];
  for (const json::Value& row : rows.elements()) {
    const json::Value operation = report_of(services, {operation_of(batch, row)}).elements()[0];
    operations.push_back(completed(operation, row));
  }
  return summary.with("operations", std::move(operations));
}

}  // namespace pawl::restore::questions
