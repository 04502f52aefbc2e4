#include <map>

#include "base/arn.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/time.h"
#include "restore/batch/request.h"
#include "restore/batch/verbs.h"

namespace pawl::restore::batch {
namespace {

// Names of executions have at most 80 characters, of which "-" and the attempt need up to four.
constexpr size_t prefix_bytes_max = 76;

std::string shortened(const std::string& prefix) {
  if (prefix.size() <= prefix_bytes_max) return prefix;
  return concat(prefix.substr(0, prefix_bytes_max - 13), "-", sha256(prefix).substr(0, 12));
}

// A batch that was given no name is called like its execution.
std::string batch_id(const functions::Call& call) {
  if (auto id = call.event.string_at("batch_id")) return std::move(*id);
  const std::string& name = call.execution_name.empty() ? call.request_id : call.execution_name;
  return check_operation_id(name) ? name : "batch-" + sha256(name).substr(0, 16);
}

// The machine named "restore" beside the one that asks, in the same account.
std::string restore_machine(const functions::Call& call) {
  if (auto arn = call.event.string_at("restore_machine")) return std::move(*arn);
  const Arn own = parse_arn(call.execution_arn)
                      .value_or(Arn{"aws", "states", "us-east-1", "000000000000", "execution"});
  return concat("arn:aws:states:", own.region, ":", own.account, ":stateMachine:restore");
}

// "latest" becomes the newest date there is. A database without any snapshot keeps the word: its
// restore will say so, and the others are not held up by it.
std::string resolved_date(const Item& item, Provider& provider) {
  if (item.snapshot_date != "latest") return item.snapshot_date;
  const auto snapshot = provider.find_snapshot(item.source_region, item.cluster_name, "latest");
  return snapshot ? snapshot->date : item.snapshot_date;
}

// What the restore of the item is started with: whatever the batch hands to all of them, and the
// item's own members.
json::Value restore_input(const json::Value& item, const functions::Call& call,
                          const std::string& batch) {
  json::Value input = call.event["restore_input"];
  if (!input.is_object()) input = json::Value::object();
  for (const char* name :
       {"cluster_name", "snapshot_date", "source_region", "target_region", "target_cluster"}) {
    input = input.with(name, item[name]);
  }
  input = input.with("batch_id", batch);
  if (call.execution_arn.empty()) return input;
  return input.with("AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID", call.execution_arn);
}

json::Value::Array items_of(const Request& request, const Parts& parts,
                            const functions::Call& call) {
  std::map<std::string, int> targets;
  for (const Item& item : request.items) ++targets[item.target_cluster];
  const std::string id = batch_id(call);
  json::Value::Array items;
  for (const Item& item : request.items) {
    const bool is_ambiguous = targets[item.target_cluster] > 1;
    const std::string name =
        is_ambiguous ? concat(item.target_cluster, "-", item.target_region) : item.target_cluster;
    json::Value value = json::Value::object({{"index", items.size()},
                                             {"name", name},
                                             {"cluster_name", item.cluster_name},
                                             {"target_cluster", item.target_cluster},
                                             {"snapshot_date", resolved_date(item, parts.provider)},
                                             {"source_region", item.source_region},
                                             {"target_region", item.target_region}});
    if (item.priority) value = value.with("priority", *item.priority);
    value = value.with("attempt", 1).with("execution_prefix", shortened(concat(id, "-", name)));
    items.push_back(value.with("input", restore_input(value, call, id)));
  }
  return items;
}

}  // namespace

Result<json::Value> plan(const Parts& parts, const functions::Call& call) {
  const Request request = TRY(parse_request(call.event, parts.settings));
  const std::string id = batch_id(call);
  const json::Value batch = json::Value::object(
      {{"batch_id", id},
       {"owner", call.execution_arn.empty() ? call.request_id : call.execution_arn},
       {"created", format_instant(parts.clock.now())},
       {"concurrency", request.concurrency},
       {"stagger_seconds", request.stagger_seconds},
       {"tries", request.tries},
       {"retry_seconds", request.retry_seconds},
       {"on_failure", request.stops_on_failure ? "stop" : "continue"},
       {"restore_machine", restore_machine(call)},
       {"request", call.event},
       {"items", items_of(request, parts, call)},
       {"turns", json::Value::array()},
       {"results", json::Value::array()},
       {"stopped", false}});
  const json::Value kept = TRY(parts.batches.create(id, batch));
  return json::Value::object({{"batch_id", kept["batch_id"]},
                              {"concurrency", kept["concurrency"]},
                              {"restore_machine", kept["restore_machine"]},
                              {"items", kept["items"]}});
}

}  // namespace pawl::restore::batch
