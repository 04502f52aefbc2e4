#include <algorithm>
#include <span>

#include "base/text.h"
#include "restore/batch/verbs.h"
#include "restore/instances/endpoint.h"
#include "restore/instances/instance.h"
#include "restore/questions/questions.h"
#include "restore/seconds.h"

namespace pawl::restore::questions {
namespace {

json::Value steps_of(const std::vector<AuditLine>& audit) {
  json::Value::Array steps;
  for (const AuditLine& line : audit) {
    json::Value step = json::Value::object({{"step", line.step},
                                            {"status", line.status},
                                            {"at", format_instant(line.at)},
                                            {"seconds", rounded_to_ms(in_seconds(line.took))}});
    if (line.status == "FAILED") {
      step = step.with("error", line.details["error"]).with("cause", line.details["cause"]);
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

// Who was to be told of the end and could not be: "notification: http: refused".
void add_untold(const std::vector<AuditLine>& audit, json::Value::Array& texts) {
  const auto last = std::find_if(audit.rbegin(), audit.rend(), [](const AuditLine& line) {
    return line.step == "sns-notification";
  });
  if (last == audit.rend()) return;
  if (last->status == "FAILED") {
    texts.push_back(concat("notification: ", last->details.string_at("error").value_or("")));
  }
  const json::Value notified = last->details["notified"];
  if (!notified.is_object()) return;
  for (const auto& [subscriber, outcome] : notified.members()) {
    if (outcome == "ok" || !outcome.is_string()) continue;
    texts.push_back(concat("notification: ", subscriber, ": ", outcome.string()));
  }
}

// What is no failure and yet to be known: "archive: Restore.OutOfSpace: …".
json::Value warnings_of(const json::Value& state, const std::vector<AuditLine>& audit) {
  json::Value::Array texts;
  const json::Value kept = state["warnings"];
  const std::span<const json::Value::Member> no_members;
  for (const auto& [name, warning] : kept.is_object() ? kept.members() : no_members) {
    const std::string error = warning.string_at("error").value_or("");
    const std::string cause = warning.string_at("cause").value_or("");
    texts.push_back(error.empty() ? cause : concat(name, ": ", error, ": ", cause));
  }
  add_untold(audit, texts);
  return texts;
}

// Nobody was there to note what is left serving.
json::Value with_what_serves(json::Value report) {
  const auto serving = report.string_at("serving");
  return report.with("cause", concat(report.string_at("cause").value_or(""), "; ",
                                     serving ? concat("operation ", *serving, " goes on serving ")
                                             : std::string("nothing serves "),
                                     report.string_at("target_cluster").value_or("the target")));
}

// The kept one is of the time of the swap: since then the configuration may have given the target
// another port, and that one may be another's now. Null where who listens is not the target's own.
json::Value endpoint_now(const Services& services, const json::Value& state) {
  const json::Value kept = state["endpoint"];
  const auto region = services.settings.regions.find(state.string_at("target_region").value_or(""));
  const std::string cluster = state.string_at("target_cluster").value_or("");
  if (!kept.is_object() || region == services.settings.regions.end()) return {};
  const auto port = known_endpoint_port(services.settings, region->second, cluster);
  if (!port || !check_endpoint_port(region->second, cluster, *port)) return {};
  return kept.with("port", *port);
}

// The region whose operations folder has the id, also where clean-up has left only the audit.
std::string region_of(Services& services, const std::string& id) {
  for (const auto& [name, region] : services.settings.regions) {
    if (services.operations.read(name, id)) return name;
    const auto audit = services.operations.audit(name, id);
    if (audit && !audit->empty()) return name;
  }
  return "";
}

Result<json::Value> operation_report(Services& services, const std::string& id) {
  TRY(check_operation_id(id));
  const std::string region = region_of(services, id);
  if (region.empty()) {
    return Error(ErrorCode::not_found, concat("operation ", id, " does not exist"));
  }
  const auto kept = services.operations.read(region, id);
  const json::Value state = as_it_ended(
      services,
      kept ? *kept : json::Value::object({{"operation_id", id}, {"target_region", region}}));
  json::Value report = row_of(services, state);
  const std::pair<const char*, const char*> members[] = {
      {"source_region", "source_region"},
      {"snapshot_name", "snapshot_name"},
      {"bytes", "snapshot_bytes"},
      {"schemas", "schema_count"},
      {"tables", "table_count"},
      {"rows", "row_count"},
      {"pages_checked", "pages_checked"},
      {"databases", "databases"},
      {"users", "users_created"},
      {"verification_status", "verification_status"},
      {"archive_status", "archive_status"},
      {"endpoint", "endpoint"},
      {"notified", "notified"},
      {"error", "error"},
      {"cause", "cause"}};
  for (const auto& [name, in_state] : members) report = report.with(name, state[in_state]);
  // The endpoint is the target's: it leads to this operation's data only while they serve.
  report = report.with(
      "endpoint", report["is_serving"] == true ? endpoint_now(services, state) : json::Value());
  if (report["status"] == "STOPPED") report = with_what_serves(std::move(report));
  const std::vector<AuditLine> audit = TRY(services.operations.audit(region, id));
  return report.with("warnings", warnings_of(state, audit)).with("steps", steps_of(audit));
}

}  // namespace

json::Value report_of(Services& services, const std::vector<std::string>& operation_ids) {
  json::Value::Array operations;
  for (const std::string& id : operation_ids) {
    auto report = operation_report(services, id);
    operations.push_back(report ? *report : json::Value::object({{"operation_id", id}}));
  }
  return operations;
}

Result<json::Value> report(Services& services, const functions::Call& call) {
  const std::string id = TRY(batch::required_text(call.event, "operation_id"));
  const json::Value operation = TRY(operation_report(services, id));
  return json::Value::object({{"operations", json::Value::array({operation})}});
}

}  // namespace pawl::restore::questions
