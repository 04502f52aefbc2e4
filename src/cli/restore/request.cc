#include "cli/restore/request.h"

#include <algorithm>
#include <cstdio>
#include <random>

#include "base/text.h"
#include "cli/units.h"

namespace pawl::cli {
namespace {

using json::Value;

Value with_text(const Value& object, std::string_view name, const std::string& text) {
  return text.empty() ? object : object.with(name, text);
}

// What is said of each database of a batch: an option, which wins over the file wherever that has
// said something else, of all of them or of one.
Value with_option(Value input, std::string_view name, const std::string& text) {
  if (text.empty()) return input;
  for (const char* list : {"databases", "DatabaseList"}) {
    const Value databases = input[list];
    if (!databases.is_array()) continue;
    Value::Array changed;
    for (const Value& database : databases.elements()) {
      changed.push_back(database.is_object() ? database.without(name) : database);
    }
    input = input.with(list, std::move(changed));
  }
  return input.with(name, text);
}

Error invalid(std::string message, std::string hint) {
  return Error(ErrorCode::invalid_argument, std::move(message), std::move(hint));
}

}  // namespace

void RestoreRequest::declare(Arguments& arguments) {
  arguments.option("--date", date, "YYYY-MM-DD or latest (latest)");
  arguments.option("--from", from,
                   "region of the snapshot (that of the cluster in the configuration)");
  arguments.option("--to", to, "region to restore into (that of the snapshot)");
  arguments.option("--target", target,
                   "cluster to restore onto, which may be new (one of the same name)");
}

void RestoreRequest::declare_batch(Arguments& arguments) {
  arguments.number("--concurrency", concurrency, {1, 10}, "so many at a time (3)");
  arguments.duration("--stagger", stagger, "time between two starts, such as 2m");
  arguments.number("--tries", tries, {1, 10}, "tries per database, for what is transient (3)");
  arguments.choice("--on-failure", on_failure, {"stop", "continue"},
                   "what to do when one has failed: stop or continue");
  arguments.option("--priority", priorities, "NAME=N, 1 is first; may be repeated");
}

bool RestoreRequest::is_batch() const {
  return names.size() != 1 || concurrency || tries || stagger || !on_failure.empty() ||
         !priorities.empty() || !batch_file.is_null();
}

Value RestoreRequest::single_input(const std::string& name) const {
  Value input =
      Value::object({{"cluster_name", name}, {"snapshot_date", date.empty() ? "latest" : date}});
  input = with_text(input, "source_region", from);
  input = with_text(input, "target_region", to);
  return with_text(input, "target_cluster", target);
}

Result<Value> RestoreRequest::batch_input(const std::string& batch_id) const {
  Value input = batch_file.is_null() ? Value::object() : batch_file;
  if (!input.is_object()) return invalid("the batch file is no JSON object", "");
  if (!target.empty()) {
    return invalid("--target names one cluster, and a batch has several",
                   "Give target_cluster to each database in --batch-file.");
  }
  input = with_text(input, "batch_id", batch_id);
  input = with_option(std::move(input), "snapshot_date", date);
  input = with_option(std::move(input), "source_region", from);
  input = with_option(std::move(input), "target_region", to);
  input = with_text(input, "on_failure", on_failure);
  if (concurrency) input = input.with("concurrency", *concurrency);
  if (tries) input = input.with("tries", *tries);
  if (stagger) {
    input = input.with("stagger_seconds", std::chrono::ceil<seconds>(*stagger).count());
  }
  std::vector<std::pair<std::string, int64_t>> priority_of;
  for (const std::string& text : priorities) {
    const size_t at = text.find('=');
    const auto number = at == text.npos ? std::nullopt : parse_integer(text.substr(at + 1));
    if (!number) return invalid(concat("--priority ", text, " is not NAME=N"), "1 is first.");
    priority_of.emplace_back(text.substr(0, at), *number);
  }
  if (names.empty() && !priority_of.empty()) {
    return invalid("--priority needs the databases by name", "Give priorities in --batch-file.");
  }
  Value::Array databases;
  for (const std::string& name : names) {
    Value database = Value::object({{"cluster_name", name}});
    for (const auto& [of, number] : priority_of) {
      if (of == name) database = database.with("priority", number);
    }
    databases.push_back(std::move(database));
  }
  for (const auto& [of, number] : priority_of) {
    if (std::find(names.begin(), names.end(), of) == names.end()) {
      return invalid(concat("--priority names \"", of, "\", which is not to be restored"), "");
    }
  }
  if (!databases.empty()) input = input.with("databases", std::move(databases));
  return input;
}

Result<void> RestoreRequest::check(const Client& client, const std::string& id,
                                   bool allows_missing) const {
  Value event =
      is_batch() ? TRY(batch_input(id)) : with_text(single_input(names[0]), "operation_id", id);
  if (allows_missing) event = event.with("allow_missing", true);
  TRY(client.invoke("pawl-restore-check", event));
  return {};
}

std::string new_name(const std::string& what) {
  std::string moment =
      format_instant(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));
  moment = replace_all(replace_all(moment.substr(0, 19), "-", ""), ":", "");
  std::random_device device;
  char digits[8];
  std::snprintf(digits, sizeof digits, "%04x", device() & 0xffffU);
  return concat(what, "-", replace_all(moment, "T", "-"), "-", digits);
}

}  // namespace pawl::cli
