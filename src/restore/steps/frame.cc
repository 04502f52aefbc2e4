#include "restore/steps/frame.h"

#include <algorithm>
#include <cstdio>

#include "base/log.h"
#include "base/text.h"
#include "restore/failure.h"
#include "restore/seconds.h"
#include "restore/steps/steps.h"

namespace pawl::restore {
namespace {

// The work of a call is known by its request id, which a crash does not change: whoever was killed
// between the audit line and the answer does not write a second one.
Result<void> append_audit(Services& services, const Request& request, AuditLine line,
                          const std::string& request_id) {
  bool is_repeated = false;
  for (const AuditLine& earlier :
       TRY(services.operations.audit(request.target_region, request.operation_id))) {
    if (earlier.step != line.step || earlier.status != line.status) continue;
    if (earlier.details.string_at("request_id") == request_id) return {};
    is_repeated = true;
  }
  line.details = line.details.with("request_id", request_id);
  if (is_repeated) line.details = line.details.with("repeated", true);
  return services.operations.append_audit(request.target_region, line);
}

std::string seconds_text(Duration took) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", in_seconds(took));
  return text;
}

// What the pipeline noted on its way, such as a step whose failure did not matter.
json::Value warnings_of(const Request& request) {
  const json::Value& own = request.event["warnings"];
  const json::Value& kept = request.state["warnings"];
  const json::Value all = kept.is_object() ? kept : json::Value::object();
  return own.is_object() ? all.merged(own.members()) : all;
}

// What the same execution does after the swap still belongs to the restore: its time is the time
// that whoever watches it waits.
bool was_ended_by(const Request& request, const functions::Call& call) {
  const std::string own = request.state.string_at("execution_arn").value_or("");
  return request.state["status"] == "SUCCEEDED" && !own.empty() && own == call.execution_arn;
}

void log_step(const Request& request, const AuditLine& line, const std::string& what) {
  const bool is_success = line.status == "SUCCESS";
  log(is_success ? LogLevel::info : LogLevel::warning,
      is_success ? "restore step done" : "restore step failed",
      {{"operation", request.operation_id},
       {"step", line.step},
       {"cluster", request.target_cluster},
       {"region", request.target_region},
       {"seconds", seconds_text(line.took)},
       {is_success ? "result" : "error", what}});
}

// One line when it begins and one when it ends, however many steps it had.
void log_turns(const Request& request, const json::Value& state) {
  const std::string before = request.state.string_at("status").value_or("");
  const std::string after = state.string_at("status").value_or("");
  if (before == after || after.empty()) return;
  const auto text = [&](std::string_view name) { return state.string_at(name).value_or(""); };
  if (after == "RUNNING") {
    return log(LogLevel::info, "restore started",
               {{"operation", request.operation_id},
                {"cluster", request.cluster},
                {"snapshot", text("snapshot_date")},
                {"from", request.source_region},
                {"to", request.target_region},
                {"target", request.target_cluster}});
  }
  const auto started = parse_instant(text("started")), ended = parse_instant(text("ended"));
  const bool is_success = after == "SUCCEEDED";
  log(is_success ? LogLevel::info : LogLevel::warning,
      is_success ? "restored and serving" : "restore failed",
      {{"operation", request.operation_id},
       {"target", request.target_cluster},
       {"region", request.target_region},
       {"seconds", started && ended ? seconds_text(*ended - *started) : std::string("?")},
       {is_success ? "snapshot" : "error", text(is_success ? "snapshot_date" : "error")}});
}

json::Value answer(const Request& request, const json::Value& state, const Done& done,
                   const std::string& next_step) {
  json::Value value = json::Value::object(
      {{"operation_id", request.operation_id},
       {"status", state.string_at("status").value_or("RUNNING")},
       {"message", done.message},
       {"cluster_name", request.cluster},
       {"target_cluster", request.target_cluster},
       {"source_region", request.source_region},
       {"target_region", request.target_region},
       {"snapshot_date", state.string_at("snapshot_date").value_or(request.snapshot_date)}});
  value = value.merged(done.members);
  if (!done.warnings.empty()) value = value.with("warnings", json::Value(done.warnings));
  return value.with("next_step", next_step.empty() ? json::Value() : json::Value(next_step));
}

asl::Failure fail(Services& services, const Request& request, AuditLine line,
                  const std::string& request_id, const asl::Failure& failure) {
  line.status = "FAILED";
  line.details = json::Value::object({{"error", failure.error}, {"cause", failure.cause}});
  auto written = append_audit(services, request, std::move(line), request_id);
  if (written) return failure;
  return {failure.error,
          concat(failure.cause, "; the audit line is missing: ", written.error().message())};
}

// An execution that begins again what it had done, from a backup of the server's store, say.
Error has_ended(const Request& request) {
  return Error(ErrorCode::conflict,
               concat("operation ", request.operation_id, " has ended before, and is ",
                      request.state.string_at("status").value_or(""), "; what serves ",
                      request.target_cluster, " stays as it is"),
               "To restore it again, start a restore under another name.");
}

asl::Outcome<json::Value> run(Services& services, const StepForm& form, functions::Call& call) {
  const Instant started = services.clock.now();
  const auto request = read_request(services, call);
  if (!request) return to_failure(request.error());
  Step step{services, call, *request};
  const bool is_over = form.stage == StepForm::Stage::to_the_swap && steps::has_had_its_time(step);
  auto done = is_over ? Result<Done>(has_ended(*request)) : form.body(step);
  AuditLine line{services.clock.now(),
                 request->operation_id,
                 form.name,
                 "SUCCESS",
                 services.clock.now() - started,
                 {}};
  if (!done || done->failure) {
    const asl::Failure failure = done ? *done->failure : to_failure(done.error());
    line.status = "FAILED";
    log_step(*request, line, concat(failure.error, ": ", failure.cause));
    return fail(services, *request, std::move(line), call.request_id, failure);
  }
  json::Value changes = json::Value::object({{"step", form.name}}).merged(done->members);
  if (was_ended_by(*request, call)) {
    changes = changes.with("ended", format_instant(services.clock.now()));
  }
  const json::Value warnings = warnings_of(*request).merged(done->warnings);
  if (warnings.size() > 0) changes = changes.with("warnings", warnings);
  auto state = done->keeps_state ? services.operations.merge(request->target_region,
                                                             request->operation_id, changes)
                                 : Result<json::Value>(changes);
  if (!state) return to_failure(state.error());
  log_turns(*request, *state);
  line.details = json::Value(done->members);
  if (done->is_finished) {
    log_step(*request, line, done->message);
    auto written = append_audit(services, *request, std::move(line), call.request_id);
    if (!written) return to_failure(written.error());
  }
  return answer(*request, *state, *done, form.next_step);
}

}  // namespace

Duration Step::patience() const {
  constexpr seconds margin(5);
  const Duration left = call.deadline - services.clock.now() - margin;
  const auto wished = request.event.number_at("wait_seconds");
  const Duration wait =
      wished ? Duration(static_cast<int64_t>(std::clamp(*wished, 0.0, 1e9) * 1e6)) : left;
  return std::max(Duration(0), std::min(wait, left));
}

functions::Function make_step(Services& services, StepForm form) {
  functions::Function function;
  function.name = "aurora-restore-" + form.name;
  function.description = form.description;
  function.time_limit = form.time_limit;
  function.body = [&services, form = std::move(form)](functions::Call& call) {
    return run(services, form, call);
  };
  return function;
}

}  // namespace pawl::restore
