#include "base/text.h"
#include "cli/batch/jobs.h"
#include "cli/units.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

using json::Value;

// "0, 3-5, 9": at most so many ranges.
std::string ranges_text(const std::vector<int64_t>& indexes) {
  constexpr size_t ranges_max = 30;
  std::vector<std::string> ranges;
  for (size_t first = 0; first < indexes.size();) {
    size_t last = first;
    while (last + 1 < indexes.size() && indexes[last + 1] == indexes[last] + 1) ++last;
    if (ranges.size() == ranges_max) return join(ranges, ", ") + ", …";
    ranges.push_back(first == last ? concat(indexes[first])
                                   : concat(indexes[first], "-", indexes[last]));
    first = last + 1;
  }
  return join(ranges, ", ");
}

Result<std::vector<int64_t>> failed_of(const Client& client, const Value& job) {
  std::vector<int64_t> indexes;
  for (const Value& child :
       TRY(batch_list(client, "ListJobs",
                      Value::object({{"arrayJobId", job["jobId"]}, {"jobStatus", "FAILED"}}))))
    indexes.push_back(child["arrayProperties"].integer_at("index").value_or(0));
  return indexes;
}

std::string command_of(const Value& job) {
  std::vector<std::string> words;
  const Value command = job["container"]["command"];
  if (command.is_array())
    for (const Value& word : command.elements()) words.emplace_back(word.string());
  return join(words, " ");
}

std::string attempt_line(const Value& attempt, bool is_utc) {
  const Value container = attempt["container"];
  std::string line =
      concat("  ", plain(container["logStreamName"]), "  exit code ", plain(container["exitCode"]));
  if (const auto reason = container.string_at("reason")) line += concat(", ", *reason);
  const auto started = batch_moment(attempt, "startedAt"),
             stopped = batch_moment(attempt, "stoppedAt");
  if (started) line += concat("  ", format_time(*started, is_utc));
  if (started && stopped) line += concat("  (", format_duration(*stopped - *started), ")");
  return line + "\n";
}

std::string text_of_job(const Value& job, const std::vector<int64_t>& failed, bool is_utc) {
  std::string out;
  const auto add = [&](std::string_view title, const std::string& text) {
    if (!text.empty() && text != "-") out += concat(title, text, "\n");
  };
  add("name        ", plain(job["jobName"]));
  add("job         ", plain(job["jobId"]));
  add("queue       ", resource_of(job["jobQueue"]));
  add("definition  ", resource_of(job["jobDefinition"]));
  add("command     ", command_of(job));
  for (const std::string_view member : {"createdAt", "startedAt", "stoppedAt"})
    if (const auto moment = batch_moment(job, member))
      add(concat(member.substr(0, member.size() - 2), "     "), format_time(*moment, is_utc));
  const Value array = job["arrayProperties"];
  if (const auto size = array.integer_at("size"))
    add("children    ", counts_text(array["statusSummary"], *size));
  if (!failed.empty()) add("failed      ", ranges_text(failed));
  if (const Value attempts = job["attempts"]; attempts.is_array() && attempts.size() > 0) {
    out += "attempts\n";
    for (const Value& attempt : attempts.elements()) out += attempt_line(attempt, is_utc);
  }
  add("reason      ", plain(job["statusReason"]));
  add("status      ", plain(job["status"]));
  return out;
}

class BatchShow : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("JOB", job_, "id, name, or JOB:INDEX of a child");
  }

  Result<int> run(const Session& session) override {
    const Value job = TRY(described_job(session.client, job_));
    if (session.wants_json()) {
      session.show(with_batch_moments(job));
      return exit_done;
    }
    std::vector<int64_t> failed;
    if (job["arrayProperties"].integer_at("size")) failed = TRY(failed_of(session.client, job));
    session.terminal.print(text_of_job(job, failed, session.style.is_utc));
    return exit_done;
  }

 private:
  std::string job_;
};

}  // namespace

std::unique_ptr<Verb> batch_show() { return std::make_unique<BatchShow>(); }

}  // namespace pawl::cli
