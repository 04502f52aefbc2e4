#include "base/text.h"
#include "base/time.h"
#include "restore/notification/notify.h"
#include "restore/steps/notify_step.h"
#include "restore/users/secrets.h"
#include "world/moment.h"

namespace pawl::restore {
namespace {

constexpr const char* step_name = "sns-notification";

std::string operation_id(const functions::Call& call) {
  if (auto id = call.event.string_at("operation_id")) return std::move(*id);
  return call.execution_name.empty() ? call.request_id : call.execution_name;
}

// Whether a kept operation is what the input speaks of: an id that two restores were given is still
// only the first one's.
bool is_about(const json::Value& kept, const json::Value& said) {
  for (const char* name : {"cluster_name", "target_cluster", "target_region"}) {
    const bool differs =
        said[name].is_string() && kept[name].is_string() && said[name] != kept[name];
    if (differs) return false;
  }
  return true;
}

// What the operation keeps, and from the input what it has no place for: why the execution failed,
// and, where it failed before anything was kept, what it was about.
json::Value known_of(Services& services, const functions::Call& call, const std::string& id) {
  const auto kept = services.operations.find(id);
  json::Value known = kept && is_about(*kept, call.event) ? *kept : json::Value::object();
  known = known.with("operation_id", id);
  for (const char* name : {"cluster_name", "target_cluster", "target_region", "error", "cause"}) {
    const json::Value* said = call.event.find(name);
    if (said && said->is_string() && !known[name].is_string()) known = known.with(name, *said);
  }
  if (known["target_cluster"].is_null()) {
    known = known.with("target_cluster", known["cluster_name"]);
  }
  return known;
}

Result<std::string> smtp_password(const Settings& settings) {
  if (settings.notification.smtp_username.empty()) return std::string();
  return TRY(read_secrets(settings.secrets_file)).smtp_password;
}

Result<Notified> tell(Services& services, const json::Value& notice) {
  const std::string password = TRY(smtp_password(services.settings));
  Notified notified = notify(services.settings.notification, password, notice);
  if (notified.tried == 0 || notified.told > 0) return notified;
  std::string outcomes;
  for (const auto& [subscriber, outcome] : notified.by_subscriber.members()) {
    outcomes += concat(outcomes.empty() ? "" : "; ", subscriber, ": ", outcome.string());
  }
  return Error(ErrorCode::unavailable, concat("no subscriber could be told: ", outcomes));
}

// An operation that never came to have a state gets none by being told about.
Result<void> keep(Services& services, const json::Value& known, const json::Value& changes,
                  const AuditLine& line) {
  const std::string region = known.string_at("target_region").value_or("");
  const auto kept = services.operations.read(region, line.operation_id);
  if (!kept || !is_about(*kept, known)) return {};
  if (changes.size() > 0) TRY(services.operations.merge(region, line.operation_id, changes));
  return services.operations.append_audit(region, line);
}

}  // namespace

Result<json::Value> sns_notification(Services& services, const functions::Call& call) {
  const std::string id = operation_id(call);
  const Instant began = services.clock.now();
  const std::string status = call.event["status"] == "FAILED" ? "FAILED" : "SUCCESS";
  const json::Value known = known_of(services, call, id);
  const auto notified = tell(services, completion_notice(known, status, began));
  world::moment("notify:done");

  AuditLine line;
  line.at = services.clock.now();
  line.operation_id = id;
  line.step = step_name;
  line.took = line.at - began;
  line.status = notified ? "SUCCESS" : "FAILED";
  if (!notified) {
    line.details = json::Value::object({{"error", notified.error().message()}});
    TRY(keep(services, known, json::Value::object(), line));
    return notified.error();
  }
  line.details = json::Value::object({{"notified", notified->by_subscriber}});
  const json::Value members = json::Value::object({{"notification_sent", notified->told > 0},
                                                   {"notification_time", format_instant(line.at)},
                                                   {"notified", notified->by_subscriber}});
  const bool is_over = status == "SUCCESS" && known["execution_arn"] == call.execution_arn;
  TRY(keep(services, known, is_over ? members.with("ended", format_instant(line.at)) : members,
           line));
  const std::string message = concat(notified->told, " of ", notified->tried, " subscribers told");
  return json::Value::object({{"operation_id", id},
                              {"status", status},
                              {"message", message},
                              {"notification_sent", notified->told > 0},
                              {"notified", notified->by_subscriber},
                              {"next_step", "cleanup"}});
}

}  // namespace pawl::restore
