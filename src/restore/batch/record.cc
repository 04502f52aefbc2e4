#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/time.h"
#include "restore/batch/verbs.h"
#include "restore/seconds.h"

namespace pawl::restore::batch {
namespace {

json::Value row_of(const json::Value& batch, const json::Value& item, const json::Value& event,
                   Instant now) {
  const int64_t index = item["index"].integer();
  json::Value row = json::Value::object({{"index", index},
                                         {"database", item["name"]},
                                         {"cluster_name", item["cluster_name"]},
                                         {"target_cluster", item["target_cluster"]},
                                         {"target_region", item["target_region"]},
                                         {"snapshot_date", item["snapshot_date"]},
                                         {"status", event["status"]}});
  if (event["status"] == "SKIPPED") return row;

  const int64_t attempt = event.integer_at("attempt").value_or(1);
  const json::Value turn = entry(batch, "turns", index);
  const auto started = parse_instant(turn.string_at("start_at").value_or(""));
  row = row.with("operation_id", event["operation_id"]).with("attempts", attempt);
  if (started) row = row.with("started", format_instant(*started));
  row = row.with("ended", format_instant(now));
  if (started) row = row.with("seconds", std::max(0.0, seconds_between(*started, now)));
  if (const auto error = event.string_at("error")) row = row.with("error", *error);
  if (const auto cause = event.string_at("cause")) row = row.with("cause", shortened_cause(*cause));
  return row;
}

Result<void> check_status(const json::Value& event) {
  const std::string status = TRY(required_text(event, "status"));
  constexpr std::array known = {std::string_view("SUCCEEDED"), std::string_view("FAILED"),
                                std::string_view("SKIPPED")};
  if (std::find(known.begin(), known.end(), status) != known.end()) return {};
  return Error(ErrorCode::invalid_argument,
               concat("status \"", status, "\" is none of SUCCEEDED, FAILED, SKIPPED"));
}

}  // namespace

// An item has one row. The same outcome told again leaves it as it is, so that a repeated call does
// not move the end.
Result<json::Value> record(const Parts& parts, const functions::Call& call) {
  const std::string id = TRY(required_text(call.event, "batch_id"));
  TRY(check_status(call.event));
  const Instant now = parts.clock.now();
  const json::Value batch =
      TRY(parts.batches.change(id, [&](const json::Value& batch) -> Result<json::Value> {
        const json::Value item = TRY(item_of(batch, call.event));
        const json::Value row = row_of(batch, item, call.event, now);
        const json::Value old = entry(batch, "results", item["index"].integer());
        if (old["status"] == row["status"] && old["attempts"] == row["attempts"]) return batch;
        const bool stops = row["status"] == "FAILED" && batch["on_failure"] == "stop";
        return with_entry(stops ? batch.with("stopped", true) : batch, "results", row);
      }));
  return entry(batch, "results", TRY(required_number(call.event, "index")));
}

}  // namespace pawl::restore::batch
