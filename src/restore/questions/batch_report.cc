#include "restore/questions/batch_report.h"

#include <algorithm>

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
  return operation.with("database", row["database"]).with("attempts", row["attempts"]);
}

// The operation that the item is at, or was at last: rows name it once they are written.
std::string operation_of(const json::Value& batch, const json::Value& row) {
  if (auto id = row.string_at("operation_id")) return std::move(*id);
  const json::Value item = batch::entry(batch, "items", row.integer_at("index").value_or(-1));
  return item.string_at("execution_prefix").value_or("") + "-1";
}

bool is_open(const json::Value& row) {
  return row["status"] == "RUNNING" || row["status"] == "PENDING";
}

// Of a batch whose execution was stopped, what is open stays as it is.
bool is_left_alone(const Services& services, const json::Value& batch) {
  const std::string owner = batch.string_at("owner").value_or("");
  return owner.starts_with("arn:") && services.is_running && !services.is_running(owner);
}

json::Value left_alone(const json::Value& row) {
  if (!is_open(row)) return row;
  return row.with("status", row["status"] == "RUNNING" ? "STOPPED" : "SKIPPED");
}

// The batch's own summary, which does not know what became of its execution.
json::Value summary_of(const Services& services, const json::Value& batch) {
  const json::Value summary = batch::summary(batch, services.clock.now());
  if (!is_left_alone(services, batch)) return summary;
  const json::Value open = summary["results"];
  json::Value::Array rows;
  for (const json::Value& row : open.elements()) rows.push_back(left_alone(row));
  const bool was_stopped = std::any_of(open.elements().begin(), open.elements().end(), is_open);
  const std::string message = summary.string_at("message").value_or("");
  return summary.with("results", std::move(rows))
      .with("message", was_stopped ? message + "; stopped before its end" : message);
}

}  // namespace

Result<json::Value> batch_report(Services& services, batch::Batches& batches,
                                 const functions::Call& call) {
  const std::string id = TRY(batch::required_text(call.event, "batch_id"));
  const json::Value batch = TRY(batches.read(id));
  const json::Value summary = summary_of(services, batch);
  json::Value::Array operations;
  const json::Value rows = summary["results"];
  for (const json::Value& row : rows.elements()) {
    const json::Value operation = report_of(services, {operation_of(batch, row)}).elements()[0];
    operations.push_back(completed(operation, row));
  }
  return summary.with("operations", std::move(operations));
}

}  // namespace pawl::restore::questions
