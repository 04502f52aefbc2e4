#include <algorithm>

#include "base/text.h"
#include "cli/batch/jobs.h"
#include "cli/interrupt.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

using json::Value;

class BatchLogs : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("JOB", job_, "id or name; JOB:INDEX of a child of an array");
    arguments.number("--attempt", attempt_, {1, 1'000'000}, "which one (the last)");
    arguments.flag("-f,--follow", follows_, "go on as it is written, until the attempt ends");
  }

  Result<int> run(const Session& session) override {
    const Value job = TRY(described_job(session.client, job_));
    if (job["arrayProperties"].integer_at("size"))
      return Error(ErrorCode::invalid_argument, concat(job_, " is an array: its children write"),
                   concat("Name one: `pawl batch logs ", job_, ":0`."));
    const std::string stream = stream_of(job);
    if (stream.empty())
      return Error(
          ErrorCode::conflict,
          job["status"] == "FAILED"
              ? concat(job_, " has failed without being started: ", plain(job["statusReason"]))
              : concat(job_, " has not been started yet"),
          concat("`pawl batch why ", job_, "` says why."));
    if (attempt_ && !has_attempt(job, stream))
      return Error(ErrorCode::not_found, concat(job_, " has no attempt ", *attempt_),
                   concat("`pawl batch show ", job_, "` lists those it has."));
    if (const std::string why = could_not_run(job, stream); !why.empty())
      return Error(ErrorCode::conflict, concat(job_, " wrote nothing: ", why));
    return print(session, stream);
  }

 private:
  // Why the attempt's program never ran; empty where it did, or still may.
  static std::string could_not_run(const Value& job, const std::string& stream) {
    const Value attempts = job["attempts"];
    if (!attempts.is_array()) return {};
    for (const Value& attempt : attempts.elements()) {
      const Value container = attempt["container"];
      const bool is_refusal = container["exitCode"] == 126 || container["exitCode"] == 127;
      if (container["logStreamName"] == stream && is_refusal && !batch_moment(attempt, "startedAt"))
        return container.string_at("reason").value_or("");
    }
    return {};
  }
  // The one that runs is the container's, those that have ended are listed.
  static bool has_attempt(const Value& job, const std::string& stream) {
    if (job["container"]["logStreamName"] == stream) return true;
    const auto attempts = job["attempts"];
    return attempts.is_array() && std::ranges::any_of(attempts.elements(), [&](const Value& each) {
             return each["container"]["logStreamName"] == stream;
           });
  }
  std::string stream_of(const Value& job) const {
    const std::string last = job["container"].string_at("logStreamName").value_or("");
    const auto attempts = job["attempts"];
    if (!attempt_ && !last.empty()) return last;
    if (!attempts.is_array() || attempts.size() == 0) return last;
    const std::string known =
        attempts.elements().back()["container"].string_at("logStreamName").value_or("");
    return attempt_ ? concat(known.substr(0, known.rfind('.')), ".", *attempt_) : known;
  }

  Result<int> print(const Session& session, const std::string& stream) const {
    const Interrupt interrupt;
    int64_t position = 0;
    std::string whole;
    for (bool has_ended = !follows_;;) {
      const Value page = TRY(session.client.call(
          "Pawl.GetJobLog", Value::object({{"logStreamName", stream}, {"position", position}})));
      position = page.integer_at("position").value_or(position);
      const std::string text = page.string_at("text").value_or("");
      if (session.wants_json())
        whole += text;
      else
        session.terminal.print(text);
      if (page["isAtEnd"] != true) continue;
      // What is written between the question and the end is read once more.
      if (has_ended) break;
      has_ended = TRY(ended(session.client, stream));
      if (!has_ended && interrupt.wait_for(milliseconds(500))) return exit_interrupted;
    }
    if (session.wants_json())
      session.show(Value::object({{"logStreamName", stream}, {"text", whole}}));
    return exit_done;
  }

  Result<bool> ended(const Client& client, const std::string& stream) const {
    const Value job = TRY(described_job(client, job_));
    const bool is_of_now = job["container"]["logStreamName"] == stream;
    return !is_of_now || job["status"] == "SUCCEEDED" || job["status"] == "FAILED";
  }

  std::string job_;
  std::optional<int64_t> attempt_;
  bool follows_ = false;
};

}  // namespace

std::unique_ptr<Verb> batch_logs() { return std::make_unique<BatchLogs>(); }

}  // namespace pawl::cli
