#include "base/text.h"
#include "restore/batch/request.h"
#include "restore/ids.h"
#include "restore/instances/endpoint.h"
#include "restore/instances/instance.h"
#include "restore/questions/asked.h"
#include "restore/questions/questions.h"

namespace pawl::restore::questions {
namespace {

using batch::Item;

bool is_single(const json::Value& event) {
  return event.find("cluster_name") || event.find("source_cluster_id");
}

// A single restore, or the databases of a batch.
Result<std::vector<Item>> items_of(const Settings& settings, const json::Value& event) {
  if (!is_single(event)) return TRY(batch::parse_request(event, settings)).items;
  const Asked asked = TRY(read_asked(settings, event));
  Item item;
  item.cluster_name = asked.cluster;
  item.target_cluster = asked.target_cluster;
  item.snapshot_date = asked.date;
  item.source_region = asked.source.name;
  item.target_region = asked.target.name;
  return std::vector<Item>{std::move(item)};
}

// The id must not hide that of a batch, nor the other way round.
Result<void> check_id(const Settings& settings, const json::Value& event) {
  const auto id = event.string_at(is_single(event) ? "operation_id" : "batch_id");
  if (!id) return {};
  return is_single(event) ? check_is_no_batch(settings, *id) : check_is_no_operation(settings, *id);
}

Result<void> check_port(const Settings& settings, const Item& item) {
  const Region& region = settings.regions.at(item.target_region);
  const auto port = known_endpoint_port(settings, region, item.target_cluster);
  if (!port) return {};
  return check_endpoint_port(region, item.target_cluster, *port);
}

// What is missing of several, in one error: the code and kind are those they all have.
Error all_of(const std::vector<Error>& missing) {
  if (missing.size() == 1) return missing[0];
  std::vector<std::string> texts;
  for (const Error& error : missing) texts.push_back(concat(error.message(), ": ", error.hint()));
  return Error(missing[0].code(), join(texts, "\n")).with_kind(missing[0].kind());
}

}  // namespace

// What a restore would be refused for by its first steps, before anything is started.
Result<json::Value> check(Services& services, const functions::Call& call) {
  const bool allows_missing = call.event.boolean_at("allow_missing").value_or(false);
  json::Value::Array restores;
  std::vector<Error> missing;
  TRY(check_id(services.settings, call.event));
  for (const Item& item : TRY(items_of(services.settings, call.event))) {
    const auto snapshot =
        services.provider.find_snapshot(item.source_region, item.cluster_name, item.snapshot_date);
    if (!snapshot && snapshot.error().code() != ErrorCode::not_found) return snapshot.error();
    if (!snapshot) missing.push_back(snapshot.error());
    if (snapshot) TRY(check_port(services.settings, item));
    restores.push_back(json::Value::object(
        {{"cluster_name", item.cluster_name},
         {"target_cluster", item.target_cluster},
         {"source_region", item.source_region},
         {"target_region", item.target_region},
         {"snapshot_date", snapshot ? json::Value(snapshot->date) : json::Value()}}));
  }
  if (!missing.empty() && !allows_missing) return all_of(missing);
  return json::Value::object({{"restores", std::move(restores)}});
}

}  // namespace pawl::restore::questions
