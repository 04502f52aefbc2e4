#include "restore/notification/notify.h"

#include "base/result.h"
#include "base/text.h"
#include "http/client.h"
#include "json/write.h"
#include "restore/seconds.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

constexpr Duration subscriber_limit = seconds(30);

std::string text_of(const json::Value& value, std::string_view name) {
  return value.string_at(name).value_or("");
}

Result<void> tell_file(const Notification& subscribers, const json::Value& notice) {
  return world::append_line_durably(subscribers.file, json::write(notice), 0640);
}

Result<void> tell_http(const Notification& subscribers, const json::Value& notice) {
  const auto response =
      TRY(http::send({.method = "POST",
                      .url = subscribers.http_url,
                      .headers = {{"Content-Type", "application/json"},
                                  {"Idempotency-Key", text_of(notice, "notification_id")}},
                      .body = json::write(notice),
                      .limit = subscriber_limit}));
  if (response.status >= 200 && response.status < 300) return {};
  return Error(ErrorCode::permission_denied, concat("HTTP status ", response.status));
}

Result<void> tell_smtp(const Notification& subscribers, const std::string& password,
                       const json::Value& notice) {
  const json::Value summary = notice["summary"];
  const std::string subject = concat("restore of ", text_of(summary, "target_cluster_id"), " in ",
                                     text_of(notice, "region"), ": ", text_of(notice, "status"));
  return http::send(http::Mail{.server = subscribers.smtp_server,
                               .username = subscribers.smtp_username,
                               .password = password,
                               .from = subscribers.smtp_from,
                               .to = subscribers.smtp_to,
                               .subject = subject,
                               .body = json::write_pretty(notice) + "\n",
                               .requires_tls = subscribers.requires_tls(),
                               .limit = subscriber_limit});
}

// Keeps what happened, without what a URL or a password may give away.
class Tally {
 public:
  Tally(const Notification& subscribers, const std::string& password)
      : hidden_{subscribers.http_url, password} {}

  void add(std::string_view subscriber, const Result<void>& told) {
    ++notified_.tried;
    if (told) ++notified_.told;
    notified_.by_subscriber =
        notified_.by_subscriber.with(subscriber, told ? "ok" : outcome(told.error()));
  }
  Notified result() && { return std::move(notified_); }

 private:
  std::string outcome(const Error& error) const {
    std::string text = error.message();
    for (const std::string& secret : hidden_) {
      if (!secret.empty()) text = replace_all(text, secret, "…");
    }
    const bool is_refusal = error.code() == ErrorCode::permission_denied;
    return concat(is_refusal ? "refused: " : "failed: ", text);
  }

  Notified notified_;
  std::string hidden_[2];
};

}  // namespace

json::Value completion_notice(const json::Value& state, std::string_view status, Instant now) {
  const std::string id = text_of(state, "operation_id");
  const bool is_success = status == "SUCCESS";
  const auto started = parse_instant(text_of(state, "started"));
  const auto ended = parse_instant(text_of(state, "ended")).value_or(now);
  const json::Value endpoint = state["endpoint"];
  const json::Value summary = json::Value::object(
      {{"target_cluster_id", state["target_cluster"]},
       {"status", status},
       {"success", is_success},
       {"start_time", started ? json::Value(format_instant(*started)) : json::Value()},
       {"end_time", format_instant(ended)},
       {"duration_seconds",
        started ? json::Value(seconds_between(*started, ended)) : json::Value()},
       {"error", is_success ? json::Value() : state["error"]},
       {"cause", is_success ? json::Value() : state["cause"]},
       {"verification_status", state["verification_status"]},
       {"schema_count", state["schema_count"]},
       {"table_count", state["table_count"]}});
  return json::Value::object({{"notification_id", concat(id, ":", status)},
                              {"event_type", "aurora_restore_completion"},
                              {"operation_id", id},
                              {"status", status},
                              {"timestamp", format_instant(now)},
                              {"cluster_id", state["cluster_name"]},
                              {"region", state["target_region"]},
                              {"endpoint", endpoint["address"]},
                              {"port", endpoint["port"]},
                              {"target_snapshot_name", state["snapshot_name"]},
                              {"archive_status", state["archive_status"]},
                              {"summary", summary}});
}

Notified notify(const Notification& subscribers, const std::string& smtp_password,
                const json::Value& notice) {
  Tally tally(subscribers, smtp_password);
  if (!subscribers.file.empty()) tally.add("file", tell_file(subscribers, notice));
  if (!subscribers.http_url.empty()) tally.add("http", tell_http(subscribers, notice));
  if (!subscribers.smtp_server.empty()) {
    tally.add("smtp", tell_smtp(subscribers, smtp_password, notice));
  }
  return std::move(tally).result();
}

}  // namespace pawl::restore
