#include "cli/arrays/run_view.h"

#include "base/text.h"
#include "cli/batch/watch.h"
#include "cli/interrupt.h"
#include "cli/names.h"
#include "cli/units.h"
#include "json/parse.h"

namespace pawl::cli {
namespace {

using json::Value;

// What the run's last state says: what was found, or where results are that nobody looked at.
void report(const Session& session, const Picture& picture) {
  const auto found = json::parse(picture.output);
  if (!found || session.wants_json()) return;
  const Value& end = *found;
  const Duration took = picture.stopped.value_or(picture.started) - picture.started;
  std::string text = concat(counted(end["ids"], "id"), " of ", counted(end["nodes"], "node"));
  if (const auto directory = end.string_at("directory")) {
    text += concat(" went through their steps: what they left is in ", *directory);
  } else if (end["checked"] == false) {
    text += concat(" went through their steps; bucket ", plain(end["bucket"]), " was not checked");
  } else {
    text += concat(end["ids"] == 1 ? " is" : " are", " in bucket ", plain(end["bucket"]), ": ",
                   counted(end["objects"], "object"), ", ",
                   format_bytes(static_cast<uint64_t>(end.integer_at("bytes").value_or(0))));
  }
  session.terminal.print(concat(text, ", ", format_duration(took), "\n"));
}

// The ids of its jobs once all are submitted; none where it ends before, or nobody answers.
std::vector<std::string> submitted_jobs(const Session& session, const ArrayRun& run) {
  const Interrupt interrupt;
  do {
    const auto shown = shown_run(session.client, run.name);
    if (!shown || (*shown)["status"] != "RUNNING") return {};
    const Value jobs = (*shown)["jobs"];
    if (shown->integer_at("jobs_planned") == static_cast<int64_t>(jobs.size()) && jobs.size() > 0) {
      std::vector<std::string> ids;
      for (const Value& job : jobs.elements()) ids.push_back(plain(job["job_id"]));
      return ids;
    }
  } while (!interrupt.wait_for(milliseconds(100)));
  return {};
}

}  // namespace

std::string counted(const Value& count, std::string_view noun) {
  return count_of(count.is_integer() ? static_cast<size_t>(count.integer()) : 0, noun);
}

Result<int> watch_run(const Session& session, const ArrayRun& run, const WatchOptions& options) {
  // The nodes of all jobs side by side. For JSON one document is printed, that of the run.
  const auto jobs =
      session.wants_json() ? std::vector<std::string>() : submitted_jobs(session, run);
  if (!jobs.empty()) {
    const int code = TRY(watch_jobs(session, jobs,
                                    {.interval = options.interval,
                                     .reconnect_limit = options.reconnect_limit,
                                     .timeout = options.timeout,
                                     .tells_ends = false}));
    if (code != exit_done) return code;
  }
  const Watched watched = TRY(watch_to_end(session, run.execution_arn, options));
  const int code = conclude_watch(session, watched);
  if (watched.end != WatchEnd::ended) return code;
  if (code == exit_done) report(session, watched.picture);
  if (session.wants_json()) show_run(session, TRY(shown_run(session.client, run.name)));
  const std::string& error = watched.picture.error;
  if (error == "Arrays.PartlyFailed") return exit_partly;
  // As wherever a request is refused at once.
  return error == "Arrays.InvalidInput" ? exit_code(meaning(error)) : code;
}

Result<Value> shown_run(const Client& client, const std::string& name) {
  Value run = TRY(client.invoke("pawl-arrays-show", Value::object({{"run", name}})));
  const auto arn = TRY(execution_arn(client, "arrays/" + name));
  const auto execution =
      client.call("Pawl.DescribeExecution", Value::object({{"executionArn", arn}}));
  // Its bucket may know it longer than the store does.
  const bool is_known = run["jobs"].size() > 0 || run.find("ids") != nullptr;
  if (!execution && !is_known && execution.error().code() == ErrorCode::not_found)
    return Error(ErrorCode::not_found, concat("array run ", name, " does not exist"),
                 "`pawl execution list --machine arrays` shows what there is.");
  if (!execution && !is_known) return execution.error();
  if (!execution) return run;
  run = run.with("execution", arn).with("status", (*execution)["status"]);
  for (const char* member : {"error", "cause"})
    if (execution->find(member) != nullptr) run = run.with(member, (*execution)[member]);
  return run;
}

void show_run(const Session& session, const Value& run) {
  if (session.wants_json()) return session.show(run);
  Listing listing;
  const Value jobs = run["jobs"];
  listing.rows.assign(jobs.elements().begin(), jobs.elements().end());
  listing.columns = {{"JOB", text_of("job_name")},
                     {"STATUS", text_of("status")},
                     {"NODES", text_of("size"), Table::Align::right},
                     {"OK", text_of("succeeded"), Table::Align::right},
                     {"FAILED", text_of("failed"), Table::Align::right},
                     {"RUNNING", text_of("running"), Table::Align::right},
                     {"ID", text_of("job_id")},
                     {"REASON", text_of("reason"), Table::Align::left, true}};
  listing.name_member = "job_id";
  listing.when_empty = "no jobs are known of this run";
  session.show(listing);
  if (session.style.format > Format::wide || session.style.is_quiet) return;
  const auto line = [&](const char* title, const char* member) {
    if (run.find(member) == nullptr || run[member].is_null()) return;
    session.terminal.print(concat(title, plain(run[member]), "\n"));
  };
  line("\nrun      ", "run");
  line("status   ", "status");
  line("error    ", "error");
  line("cause    ", "cause");
  line("ids      ", "ids");
  line("nodes    ", "nodes");
  line("seed     ", "seed");
  line("bucket   ", "bucket");
  line("left in  ", "directory");
}

}  // namespace pawl::cli
