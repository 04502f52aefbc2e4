#include "base/text.h"
#include "base/time.h"
#include "restore/batch/transient.h"
#include "restore/batch/verbs.h"

namespace pawl::restore::batch {
namespace {

// So that whoever watches the batch while it waits for the next try sees why.
Result<void> keep_failure(const Parts& parts, const std::string& id, const json::Value& failure) {
  TRY(parts.batches.change(id, [&](const json::Value& batch) -> Result<json::Value> {
    return with_entry(batch, "failures", failure);
  }));
  return {};
}

}  // namespace

Result<json::Value> classify(const Parts& parts, const functions::Call& call) {
  const std::string id = TRY(required_text(call.event, "batch_id"));
  const int64_t attempt = TRY(required_number(call.event, "attempt"));
  const json::Value batch = TRY(parts.batches.read(id));
  const json::Value item = TRY(item_of(batch, call.event));
  const int64_t tries =
      call.event.integer_at("tries").value_or(batch.integer_at("tries").value_or(1));

  const Reason reason = reason_of({call.event.string_at("error").value_or("States.TaskFailed"),
                                   call.event.string_at("cause").value_or("")});
  const bool transient = is_transient(reason);
  const Duration first = seconds(batch.integer_at("retry_seconds").value_or(5));
  const std::string name = concat(id, "/", item["index"].integer());
  const auto wait = std::chrono::ceil<seconds>(backoff(first, attempt, name));
  const bool is_tried_again = transient && attempt < tries && !(batch["stopped"] == true);
  if (is_tried_again) {
    TRY(keep_failure(parts, id,
                     json::Value::object({{"index", item["index"]},
                                          {"attempt", attempt},
                                          {"error", reason.failure.error},
                                          {"cause", shortened_cause(reason.failure.cause)}})));
  }
  return json::Value::object({{"retry", is_tried_again},
                              {"transient", transient},
                              {"wait_seconds", std::max<int64_t>(1, wait.count())},
                              {"next_attempt", attempt + 1},
                              {"error", reason.failure.error},
                              {"cause", reason.failure.cause}});
}

}  // namespace pawl::restore::batch
