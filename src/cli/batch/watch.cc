#include "cli/batch/watch.h"

#include <algorithm>

#include "base/text.h"
#include "cli/batch/job_map.h"
#include "cli/batch/jobs.h"
#include "cli/interrupt.h"
#include "cli/verbs.h"
#include "cli/watch/absence.h"
#include "cli/watch/leave.h"

namespace pawl::cli {
namespace {

using json::Value;

Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

// A block that is redrawn, or a line for each change.
class JobView {
 public:
  JobView(const Session& session, size_t jobs)
      : session_(session), block_(session.terminal), meters_(jobs), lines_(jobs) {}

  void show(const std::vector<JobPicture>& jobs) {
    const Instant at = now();
    for (size_t i = 0; i < jobs.size(); ++i) meters_[i].observe(at, jobs[i].ended());
    if (session_.style.is_quiet) return;
    if (session_.terminal.is_interactive() && !session_.wants_json())
      return block_.show(draw(jobs, meters_, session_.terminal, at));
    for (size_t i = 0; i < jobs.size(); ++i) {
      std::string line = line_of(jobs[i]) + "\n";
      if (line == lines_[i]) continue;
      session_.wants_json() ? session_.terminal.say(line) : session_.terminal.print(line);
      lines_[i] = std::move(line);
    }
  }

  void say(std::string_view text) {
    block_.clear();
    session_.remark(concat("pawl: ", text));
  }

 private:
  const Session& session_;
  Block block_;
  std::vector<RateMeter> meters_;
  std::vector<std::string> lines_;
};

Result<std::vector<JobPicture>> look(const Client& client, const std::vector<std::string>& ids) {
  const Value answer = TRY(client.call(
      "Pawl.DrawJobs", Value::object({{"jobs", Value::Array(ids.begin(), ids.end())}})));
  std::vector<JobPicture> jobs;
  for (const Value& drawn : answer["jobs"].elements()) jobs.emplace_back(drawn);
  if (jobs.size() == ids.size()) return jobs;
  const auto absent = std::ranges::find_if(ids, [&](const std::string& id) {
    return std::ranges::find(jobs, id, &JobPicture::id) == jobs.end();
  });
  return Error(ErrorCode::not_found,
               concat("job ", absent == ids.end() ? "" : *absent,
                      " does not exist, or has been forgotten by the server"),
               "`pawl batch list` shows what there is.");
}

// Says what failed and why, and how to run it again.
void explain(const Session& session, const JobPicture& job) {
  const auto why = session.client.call("Pawl.ExplainJob", Value::object({{"jobId", job.id}}));
  std::string text = concat("job ", job.id, " (", job.name, ") has failed");
  std::string help = concat("`pawl batch show ", job.id, "`");
  if (why) {
    text += concat(": ", plain((*why)["reason"]));
    help += concat(" lists them; ", plain((*why)["help"]));
  }
  if (session.wants_json())
    return session.terminal.say(error_document({name(ErrorCode::failed), text, help}));
  session.terminal.say(concat("pawl: ", text, "\nnext:  ", help, "\n"));
}

Result<int> conclude(const Session& session, const std::vector<JobPicture>& jobs) {
  bool is_whole = true, is_partly = false;
  for (const JobPicture& job : jobs) {
    is_partly |= job.count('D') > 0;
    if (job.status == "SUCCEEDED") continue;
    is_whole = false;
    explain(session, job);
  }
  if (session.wants_json()) {
    Value::Array ended;
    for (const JobPicture& job : jobs)
      ended.push_back(with_batch_moments(TRY(described_job(session.client, job.id))));
    session.show(Value(std::move(ended)));
  }
  return is_whole ? exit_done : is_partly ? exit_partly : exit_failed;
}

int leave(const Session& session, const std::vector<std::string>& ids, bool is_timeout) {
  return leave_running(session, {.is_timeout = is_timeout,
                                 .what = "the jobs go on",
                                 .watch_again = concat("pawl batch watch ", join(ids, " "))});
}

class BatchWatch : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positionals("JOB", jobs_, "ids or names; several are shown side by side", 1);
    arguments.duration("--interval", interval_, "time between looks (500ms)");
    arguments.duration("--reconnect-limit", reconnect_,
                       "how long to wait for a server that went away (60)");
    arguments.duration("--timeout", timeout_, "stop watching after this time");
  }

  Result<int> run(const Session& session) override {
    std::vector<std::string> ids;
    for (const std::string& job : jobs_) ids.push_back(TRY(whole_job_id(session.client, job)));
    JobWatchOptions options{.timeout = timeout_};
    if (interval_) options.interval = *interval_;
    if (reconnect_) options.reconnect_limit = *reconnect_;
    return watch_jobs(session, ids, options);
  }

 private:
  std::vector<std::string> jobs_;
  std::optional<Duration> interval_, reconnect_, timeout_;
};

}  // namespace

Result<int> watch_jobs(const Session& session, const std::vector<std::string>& ids,
                       const JobWatchOptions& options) {
  const Interrupt interrupt;
  JobView view(session, ids.size());
  Absence absence(session.client, options.reconnect_limit,
                  [&view](std::string_view text) { view.say(text); });
  const auto start = std::chrono::steady_clock::now();
  for (;;) {
    const auto jobs = look(session.client, ids);
    if (jobs) {
      absence.end();
      view.show(*jobs);
      if (std::ranges::all_of(*jobs, &JobPicture::has_ended))
        return options.tells_ends ? conclude(session, *jobs) : exit_done;
    } else {
      TRY(absence.note(jobs.error()));
    }
    if (options.timeout && std::chrono::steady_clock::now() - start >= *options.timeout)
      return leave(session, ids, true);
    if (interrupt.wait_for(options.interval)) return leave(session, ids, false);
  }
}

std::unique_ptr<Verb> batch_watch() { return std::make_unique<BatchWatch>(); }

}  // namespace pawl::cli
