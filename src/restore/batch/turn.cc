#include <algorithm>

#include "base/time.h"
#include "restore/batch/verbs.h"

namespace pawl::restore::batch {
namespace {

// The latest moment at which an item of the batch was allowed to start.
std::optional<Instant> last_start(const json::Value& batch) {
  std::optional<Instant> last;
  const json::Value turns = batch["turns"];
  for (const json::Value& turn : turns.elements()) {
    const auto start = parse_instant(turn.string_at("start_at").value_or(""));
    if (start && (!last || *start > *last)) last = start;
  }
  return last;
}

json::Value with_turn(const json::Value& batch, int64_t index, Instant now) {
  Instant start = now;
  if (const auto last = last_start(batch)) {
    start = std::max(now, *last + seconds(batch.integer_at("stagger_seconds").value_or(0)));
  }
  return with_entry(batch, "turns",
                    json::Value::object({{"index", index}, {"start_at", format_instant(start)}}));
}

}  // namespace

// An item's turn is given once and kept. The machine asks again after it has waited for it, since
// the batch may have stopped meanwhile.
Result<json::Value> turn(const Parts& parts, const functions::Call& call) {
  const std::string id = TRY(required_text(call.event, "batch_id"));
  const Instant now = std::chrono::floor<milliseconds>(parts.clock.now());
  const json::Value batch =
      TRY(parts.batches.change(id, [&](const json::Value& batch) -> Result<json::Value> {
        const json::Value item = TRY(item_of(batch, call.event));
        const int64_t index = item["index"].integer();
        const bool is_known = entry(batch, "turns", index).is_object();
        if (is_known || batch["stopped"] == true) return batch;
        return with_turn(batch, index, now);
      }));
  const json::Value turn = entry(batch, "turns", TRY(required_number(call.event, "index")));
  const std::string start_at = turn.string_at("start_at").value_or(format_instant(now));
  return json::Value::object({{"start_at", start_at},
                              {"skip", batch["stopped"]},
                              {"ready", parse_instant(start_at).value_or(now) <= now}});
}

}  // namespace pawl::restore::batch
