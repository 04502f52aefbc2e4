#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "json/value.h"
#include "restore/settings.h"

namespace pawl::restore {

// What subscribers are told at the end of an operation:
//
//   {"notification_id": "<operation id>:<status>", "event_type": "aurora_restore_completion",
//    "operation_id", "status": "SUCCESS" or "FAILED", "timestamp", "cluster_id", "region",
//    "endpoint", "port", "target_snapshot_name", "archive_status",
//    "summary": {"target_cluster_id", "status", "success", "start_time", "end_time",
//                "duration_seconds", "error", "cause", "verification_status", "schema_count",
//                "table_count"}}
//
// Only these members are taken from the state, null where it has none. The id is the same each time
// an operation tells the same, so that a receiver can drop what a crash made us say twice.
json::Value completion_notice(const json::Value& state, std::string_view status, Instant now);

// What became of a notice: {"file": "ok", "http": "ok", "smtp": "refused: …"}, a member for each
// subscriber that the settings name.
struct Notified {
  json::Value by_subscriber = json::Value::object();
  int tried = 0, told = 0;
};

// Tells every subscriber, each whether or not another one could be told. Nothing that is returned
// holds the password or the URL, which may have a secret in it.
Notified notify(const Notification& subscribers, const std::string& smtp_password,
                const json::Value& notice);

}  // namespace pawl::restore
