#include "base/text.h"
#include "cli/batch/jobs.h"
#include "cli/batch/watch.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

using json::Value;

// "NAME=VALUE" pairs as members.
Result<Value> pairs_of(const std::vector<std::string>& texts, std::string_view option) {
  Value::Object members;
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    if (equals == text.npos || equals == 0)
      return Error(ErrorCode::invalid_argument, concat(option, " is NAME=VALUE, not ", text));
    members.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return Value(std::move(members));
}

Value words_of(const std::vector<std::string>& words) {
  return Value::Array(words.begin(), words.end());
}

class BatchSubmit : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("NAME", name_, "the job's name");
    arguments.positionals("COMMAND", command_, "behind --: instead of the definition's command", 0);
    arguments.option("--queue", queue_, "name or ARN; the only one where there is one");
    arguments.option("--definition", definition_,
                     "NAME, NAME:REVISION or ARN; where absent, one is made of the COMMAND");
    arguments.number("--array", size_, {2, 10'000}, "so many children, 2 to 10,000");
    arguments.option("--after", after_, "a job that must have succeeded; several times");
    arguments.option("--after-each", after_each_,
                     "an array of the same size: each child waits for that one's of its index");
    arguments.flag("--sequential", sequential_, "each child waits for the one before it");
    arguments.option("--parameter", parameters_, "NAME=VALUE for Ref::NAME; several times");
    arguments.option("--env", environment_, "NAME=VALUE; several times");
    arguments.number("--vcpus", vcpus_, {1, 1'000'000}, "of a child");
    arguments.number("--memory", memory_, {1, 1'000'000'000}, "of a child, in MiB");
    arguments.number("--attempts", attempts_, {1, 10}, "of a child");
    arguments.duration("--time-limit", limit_, "of an attempt");
    arguments.flag("--watch", watches_, "watch it to its end");
  }

  Result<int> run(const Session& session) override {
    if (definition_.empty() && command_.empty())
      return Error(ErrorCode::invalid_argument, "neither a definition nor a command is given",
                   "Write `pawl batch submit NAME --definition D`, or `… NAME -- COMMAND`.");
    TRY(check_name("NAME", name_));
    if (!command_.empty() && command_.front().empty())
      return Error(ErrorCode::invalid_argument, "the COMMAND begins with an empty word");
    if (limit_ && *limit_ < seconds(1))
      return Error(ErrorCode::invalid_argument, "--time-limit is one second at least");
    if (definition_.empty()) definition_ = TRY(known_definition(session.client));
    const Value submitted = TRY(submit(session.client));
    const std::string id = submitted.string_at("jobId").value_or("");
    // A view shows it; where none is wanted, it is all that is said.
    const bool shows_view = watches_ && !session.style.is_quiet;
    if (!session.wants_json() && !shows_view) session.terminal.print(id + "\n");
    if (watches_) return watch_jobs(session, {id}, {});
    if (session.wants_json()) session.show(submitted);
    session.remark(concat("submitted; `pawl batch watch ", id, "` watches it"));
    return exit_done;
  }

 private:
  // One of the job's name with that command; empty: there is none.
  Result<std::string> known_definition(const Client& client) const {
    for (const Value& known :
         TRY(batch_list(client, "DescribeJobDefinitions",
                        Value::object({{"jobDefinitionName", name_}, {"status", "ACTIVE"}}))))
      if (known["containerProperties"]["command"] == words_of(command_))
        return known.string_at("jobDefinitionArn").value_or("");
    return std::string();
  }

  // With a definition of its own where there is none yet.
  Result<Value> submit(const Client& client) const {
    const Value job = TRY(request(client));
    if (!definition_.empty())
      return client.batch("SubmitJob", job.with("jobDefinition", definition_));
    const Value properties = Value::object({{"image", "host"}, {"command", words_of(command_)}});
    const Value definition = Value::object(
        {{"jobDefinitionName", name_}, {"type", "container"}, {"containerProperties", properties}});
    return client.call("Pawl.SubmitCommand",
                       Value::object({{"definition", definition}, {"job", job}}));
  }

  Result<std::string> queue(const Client& client) const {
    if (!queue_.empty()) return queue_;
    const auto queues = TRY(job_queues(client, ""));
    if (queues.size() == 1) return queues.front().string_at("jobQueueName").value_or("");
    return Error(ErrorCode::invalid_argument,
                 queues.empty() ? "there is no job queue" : "there are several job queues",
                 queues.empty() ? "`pawl queue create NAME --vcpus N` makes one."
                                : "Name one with --queue.");
  }

  Result<Value> dependencies(const Client& client) const {
    Value::Array all;
    for (const std::string& job : after_) {
      const std::string id = TRY(job_id(client, job));
      all.push_back(Value::object({{"jobId", id}}));
    }
    for (const std::string& job : after_each_) {
      const std::string id = TRY(job_id(client, job));
      all.push_back(Value::object({{"jobId", id}, {"type", "N_TO_N"}}));
    }
    if (sequential_) all.push_back(Value::object({{"type", "SEQUENTIAL"}}));
    return Value(std::move(all));
  }

  Result<Value> overrides() const {
    Value::Array variables, requirements;
    const Value environment = TRY(pairs_of(environment_, "--env"));
    for (const auto& [name, value] : environment.members())
      variables.push_back(Value::object({{"name", name}, {"value", value}}));
    const auto require = [&](std::string_view type, const std::optional<int64_t>& value) {
      if (value) requirements.push_back(Value::object({{"type", type}, {"value", concat(*value)}}));
    };
    require("VCPU", vcpus_);
    require("MEMORY", memory_);
    return Value::object({{"command", words_of(command_)},
                          {"environment", std::move(variables)},
                          {"resourceRequirements", std::move(requirements)}});
  }

  Result<Value> request(const Client& client) const {
    const std::string on = TRY(queue(client));
    const Value depends_on = TRY(dependencies(client));
    const Value parameters = TRY(pairs_of(parameters_, "--parameter"));
    const Value instead = TRY(overrides());
    Value::Object members = {{"jobName", name_},
                             {"jobQueue", on},
                             {"dependsOn", depends_on},
                             {"parameters", parameters},
                             {"containerOverrides", instead}};
    if (size_) members.push_back({"arrayProperties", Value::object({{"size", *size_}})});
    if (attempts_) members.push_back({"retryStrategy", Value::object({{"attempts", *attempts_}})});
    if (limit_) {
      const auto limit = std::chrono::ceil<seconds>(*limit_).count();
      members.push_back({"timeout", Value::object({{"attemptDurationSeconds", limit}})});
    }
    return Value(std::move(members));
  }

  std::string name_, queue_, definition_;
  std::vector<std::string> command_, after_, after_each_, parameters_, environment_;
  std::optional<int64_t> size_, vcpus_, memory_, attempts_;
  std::optional<Duration> limit_;
  bool sequential_ = false, watches_ = false;
};

}  // namespace

std::unique_ptr<Verb> batch_submit() { return std::make_unique<BatchSubmit>(); }

}  // namespace pawl::cli
