#include "base/text.h"
#include "restore/batch/request.h"
#include "restore/ids.h"
#include "restore/questions/asked.h"
#include "restore/questions/begin.h"
#include "restore/questions/questions.h"

namespace pawl::restore::questions {
namespace {

using batch::Item;

constexpr size_t execution_name_max = 80;

bool is_single(const json::Value& event) {
  return event.find("cluster_name") || event.find("source_cluster_id");
}

// A single restore, or the databases of a batch.
Result<std::vector<Item>> items_of(const Settings& settings, const json::Value& event) {
  if (!is_single(event)) return TRY(batch::parse_request(event, settings)).items;
  return std::vector<Item>{item_of(TRY(read_asked(settings, event)))};
}

// The name of the execution, and an id that must not hide that of a batch, nor the other way round.
Result<std::string> own_id(const Settings& settings, const json::Value& event) {
  const auto id = event.string_at(is_single(event) ? "operation_id" : "batch_id");
  if (!id) return std::string();
  if (id->size() > execution_name_max) {
    return Error(ErrorCode::invalid_argument,
                 concat("the name \"", *id, "\" has ", id->size(), " characters; ",
                        execution_name_max, " are the most"),
                 "Choose a shorter one.");
  }
  TRY(is_single(event) ? check_is_no_batch(settings, *id) : check_is_no_operation(settings, *id));
  return *id;
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
  const std::string id = TRY(own_id(services.settings, call.event));
  for (const Item& item : TRY(items_of(services.settings, call.event))) {
    const auto begins = check_can_begin(services, item, id);
    if (!begins && begins.error().code() != ErrorCode::not_found) return begins.error();
    if (!begins) missing.push_back(begins.error());
    restores.push_back(json::Value::object(
        {{"cluster_name", item.cluster_name},
         {"target_cluster", item.target_cluster},
         {"source_region", item.source_region},
         {"target_region", item.target_region},
         {"snapshot_date", begins ? json::Value(begins->snapshot.date) : json::Value()}}));
  }
  if (!missing.empty() && !allows_missing) return all_of(missing);
  return json::Value::object({{"restores", std::move(restores)}});
}

}  // namespace pawl::restore::questions
