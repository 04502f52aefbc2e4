#include "restore/batch/verbs.h"
#include "restore/questions/questions.h"
#include "restore/questions/snapshot_row.h"
#include "restore/snapshots/take_snapshot.h"
#include "restore/users/secrets.h"

namespace pawl::restore::questions {
namespace {

// Only a source that wants a password needs the file, and a file that is there must be in order.
Result<std::string> source_password(const Settings& settings, const std::string& cluster) {
  if (settings.secrets_file.empty()) return std::string();
  auto secrets = read_secrets(settings.secrets_file);
  if (secrets) return secrets->of(cluster).source_password;
  if (secrets.error().code() == ErrorCode::not_found) return std::string();
  return std::move(secrets).error();
}

engine::Progress progress_of(const SnapshotProgress& progress) {
  return {.done = progress.bytes_done,
          .total = progress.bytes_total,
          .unit = "bytes",
          .note = progress.phase};
}

Result<SnapshotRequest> request_of(const json::Value& event) {
  SnapshotRequest request;
  request.cluster = TRY(batch::required_text(event, "cluster_name"));
  request.date = event.string_at("snapshot_date").value_or("");
  return request;
}

}  // namespace

Result<json::Value> snapshot_check(Services& services, const functions::Call& call) {
  const SnapshotRequest request = TRY(request_of(call.event));
  SnapshotTaking taking(services.settings, services.processes, services.clock);
  return json::Value::object({{"cluster", request.cluster}, {"date", TRY(taking.check(request))}});
}

Result<json::Value> snapshot_take(Services& services, const functions::Call& call) {
  SnapshotRequest request = TRY(request_of(call.event));
  request.password = TRY(source_password(services.settings, request.cluster));
  request.progress = [&call](const SnapshotProgress& progress) {
    if (call.progress) call.progress(progress_of(progress));
  };
  SnapshotTaking taking(services.settings, services.processes, services.clock);
  const Snapshot snapshot = TRY(taking.take(request, call.cancellation));
  return json::Value::object(
      {{"snapshot", snapshot_row(snapshot)}, {"warnings", snapshot_warnings(snapshot)}});
}

}  // namespace pawl::restore::questions
