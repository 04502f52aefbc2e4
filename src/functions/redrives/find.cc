#include <algorithm>
#include <optional>

#include "asl/choice/rule.h"
#include "base/text.h"
#include "engine/names.h"
#include "functions/redrives/redrives.h"

namespace pawl::functions {
namespace {

constexpr int64_t rate_max = 1000, default_rate = 10, limit_max = 1'000'000;

asl::Failure invalid(std::string what) {
  return asl::Failure{"ValidationException", std::move(what)};
}

// What is asked for, checked.
struct Wanted {
  std::string machine_arn;
  // Who stopped an execution did not want it to go on.
  std::vector<std::string> statuses = {"FAILED", "TIMED_OUT"};
  std::string error;  // with wildcards; empty: any
  std::optional<Instant> since;
  int64_t limit = limit_max, rate = default_rate;
  bool is_dry_run = false;
};

asl::Outcome<std::vector<std::string>> statuses_of(const json::Value& value) {
  std::vector<std::string> statuses;
  for (const json::Value& each : value.elements()) {
    const std::string name(each.is_string() ? each.string() : "");
    if (name != "FAILED" && name != "TIMED_OUT" && name != "ABORTED")
      return invalid("'statuses' may have FAILED, TIMED_OUT and ABORTED");
    statuses.push_back(name);
  }
  return statuses;
}

asl::Outcome<int64_t> number_of(const json::Value& event, const char* name, int64_t most,
                                int64_t otherwise) {
  if (event[name].is_null()) return otherwise;
  const auto number = event.integer_at(name);
  if (!number || *number < 1 || *number > most)
    return invalid(concat("'", name, "' must be a whole number from 1 to ", most));
  return *number;
}

// A machine's ARN, given by that or by its name.
std::string machine_arn_of(const engine::Engine& engine, const std::string& machine) {
  if (machine.empty() || machine.starts_with("arn:")) return machine;
  return engine::machine_arn(engine.options(), machine);
}

asl::Outcome<Wanted> wanted(engine::Engine& engine, const json::Value& event) {
  Wanted found;
  found.machine_arn = machine_arn_of(engine, event.string_at("machine").value_or(""));
  if (!found.machine_arn.empty() && !engine.machine(found.machine_arn))
    return invalid(concat("there is no machine ", found.machine_arn));
  if (event["statuses"].is_array()) found.statuses = TRY(statuses_of(event["statuses"]));
  found.error = event.string_at("error").value_or("");
  if (const auto since = event.string_at("since")) {
    found.since = parse_instant(*since);
    if (!found.since) return invalid("'since' must be a time such as 2026-01-31T12:00:00Z");
  }
  found.limit = TRY(number_of(event, "limit", limit_max, limit_max));
  found.rate = TRY(number_of(event, "rate", rate_max, default_rate));
  found.is_dry_run = event.boolean_at("dry_run").value_or(false);
  return found;
}

store::Execution damaged(const store::DamagedExecution& found, const std::string& status) {
  store::Execution row;
  row.id = found.id;
  row.arn = found.arn;
  row.status = status;
  row.error = "its stored data are damaged";
  return row;
}

Result<std::vector<store::Execution>> ended(engine::Engine& engine, const Wanted& wanted) {
  std::vector<store::Execution> all;
  for (const std::string& status : wanted.statuses) {
    store::ExecutionQuery query{.machine_arn = wanted.machine_arn,
                                .status = status,
                                .started_from = wanted.since,
                                .page = {.size_max = 1000}};
    do {
      store::ExecutionPage page = TRY(engine.executions(query));
      for (store::Execution& row : page.executions)
        if (wanted.error.empty() || asl::choice::matches(row.error, wanted.error))
          all.push_back(std::move(row));
      // Shown by a trial, and refused with the reason when it comes to it.
      for (const store::DamagedExecution& each : page.damaged) all.push_back(damaged(each, status));
      query.page.token = page.next_token;
    } while (!query.page.token.empty());
  }
  return all;
}

asl::Outcome<json::Value> find(engine::Engine& engine, const Call& call) {
  const Wanted asked = TRY(wanted(engine, call.event));
  auto rows = ended(engine, asked);
  if (!rows) return asl::Failure{"Pawl.Unavailable", rows.error().message()};
  std::sort(rows->begin(), rows->end(),
            [](const auto& left, const auto& right) { return left.id < right.id; });
  if (rows->size() > static_cast<size_t>(asked.limit))
    rows->resize(static_cast<size_t>(asked.limit));
  json::Value::Array executions;
  for (const store::Execution& row : *rows)
    executions.push_back(json::Value::object({{"execution", row.arn},
                                              {"status", row.status},
                                              {"error", row.error},
                                              {"redrives", row.redrives}}));
  return json::Value::object({{"executions", json::Value(std::move(executions))},
                              {"rate", asked.rate},
                              {"dry_run", asked.is_dry_run}});
}

}  // namespace

Function redrive_find(engine::Engine& engine) {
  return {.name = "pawl-redrive-find",
          .description = "Finds executions that ended badly",
          .body = [&engine](Call& call) { return find(engine, call); }};
}

}  // namespace pawl::functions
