#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "restore/batch/verbs.h"
#include "restore/seconds.h"

namespace pawl::restore::batch {
namespace {

// Of an item without a result: whether somebody still works on it, or will.
std::string_view open_status(bool has_begun, bool is_left_alone) {
  if (is_left_alone) return has_begun ? "STOPPED" : "SKIPPED";
  return has_begun ? "RUNNING" : "PENDING";
}

json::Value open_row(const json::Value& batch, const json::Value& item, bool is_left_alone) {
  const json::Value turn = entry(batch, "turns", item["index"].integer());
  json::Value row = json::Value::object({{"index", item["index"]},
                                         {"database", item["name"]},
                                         {"cluster_name", item["cluster_name"]},
                                         {"target_cluster", item["target_cluster"]},
                                         {"target_region", item["target_region"]},
                                         {"snapshot_date", item["snapshot_date"]},
                                         {"status", open_status(turn.is_object(), is_left_alone)}});
  if (!turn.is_object()) return row;
  row = row.with("started", turn["start_at"]);
  const json::Value failure = entry(batch, "failures", item["index"].integer());
  if (!failure.is_object()) return row;
  return row.with("attempts", failure.integer_at("attempt").value_or(1) + 1)
      .with("last_error", failure["error"])
      .with("last_cause", failure["cause"]);
}

json::Value::Array rows_of(const json::Value& batch, bool is_left_alone) {
  json::Value::Array rows;
  const json::Value items = batch["items"];
  for (const json::Value& item : items.elements()) {
    const json::Value row = entry(batch, "results", item["index"].integer());
    rows.push_back(row.is_object() ? row : open_row(batch, item, is_left_alone));
  }
  return rows;
}

std::vector<std::string> names_with(const json::Value::Array& rows, std::string_view status) {
  std::vector<std::string> names;
  for (const json::Value& row : rows) {
    if (row["status"] == status) names.push_back(row.string_at("database").value_or(""));
  }
  return names;
}

json::Value durations_of(const json::Value::Array& rows) {
  std::vector<double> all;
  for (const json::Value& row : rows) {
    if (row["status"] == "SUCCEEDED") all.push_back(row.number_at("seconds").value_or(0));
  }
  if (all.empty()) return {};
  double sum = 0;
  for (double one : all) sum += one;
  return json::Value::object({{"average", rounded_to_ms(sum / static_cast<double>(all.size()))},
                              {"maximum", *std::max_element(all.begin(), all.end())},
                              {"minimum", *std::min_element(all.begin(), all.end())}});
}

json::Value list_of(const std::vector<std::string>& names) {
  return json::Value::Array(names.begin(), names.end());
}

}  // namespace

bool is_left_alone(const json::Value& batch,
                   const std::function<bool(const std::string&)>& is_running) {
  const std::string owner = batch.string_at("owner").value_or("");
  return owner.starts_with("arn:") && is_running && !is_running(owner);
}

json::Value summary(const json::Value& batch, Instant now, bool is_left_alone) {
  const json::Value::Array rows = rows_of(batch, is_left_alone);
  const size_t succeeded = names_with(rows, "SUCCEEDED").size();
  const auto failed = names_with(rows, "FAILED");
  const auto stopped = names_with(rows, "STOPPED");
  const auto skipped = names_with(rows, "SKIPPED");
  std::string message = concat(succeeded, "/", rows.size(), " restored");
  if (!failed.empty()) message += "; failed: " + join(failed, ", ");
  if (!stopped.empty()) message += "; stopped: " + join(stopped, ", ");
  if (!skipped.empty()) message += "; not started: " + join(skipped, ", ");
  return json::Value::object({{"batch_id", batch["batch_id"]},
                              {"timestamp", format_instant(now)},
                              {"total", rows.size()},
                              {"succeeded", succeeded},
                              {"failed", list_of(failed)},
                              {"skipped", list_of(skipped)},
                              {"all_restored", succeeded == rows.size()},
                              {"message", message},
                              {"results", rows},
                              {"durations", durations_of(rows)}});
}

Result<json::Value> report(const Parts& parts, const functions::Call& call) {
  const std::string id = TRY(required_text(call.event, "batch_id"));
  const json::Value batch = TRY(parts.batches.read(id));
  return summary(batch, parts.clock.now(), is_left_alone(batch, parts.is_running));
}

}  // namespace pawl::restore::batch
