#include "base/text.h"
#include "cli/names.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class ExecutionStop : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("EXECUTION", execution_, "ARN, name, or MACHINE/NAME");
    arguments.option("--error", error_, "error that the execution ends with");
    arguments.option("--cause", cause_, "why it is stopped");
  }

  Result<int> run(const Session& session) override {
    const auto arn = TRY(execution_arn(session.client, execution_));
    const bool was_running = TRY(describe(session.client, arn))["status"] == "RUNNING";
    // The service answers alike for what has ended already.
    if (was_running) TRY(stop(session.client, arn));
    const auto ended = TRY(describe(session.client, arn));
    if (session.wants_json()) {
      session.show(with_moments(json::Value::object({{"executionArn", arn},
                                                     {"status", ended["status"]},
                                                     {"stopDate", ended["stopDate"]},
                                                     {"wasRunning", was_running}})));
    }
    const bool is_stopped = was_running && ended["status"] == "ABORTED";
    session.remark(is_stopped
                       ? concat("stopped ", arn)
                       : concat("nothing to stop: ", arn, " had ended, ", plain(ended["status"]),
                                ", at ", moment_text(ended["stopDate"], session.style.is_utc)));
    return exit_done;
  }

 private:
  static Result<json::Value> describe(const Client& client, const std::string& arn) {
    return client.call(
        "Pawl.DescribeExecution",
        json::Value::object({{"executionArn", arn}, {"includedData", "METADATA_ONLY"}}));
  }

  Result<void> stop(const Client& client, const std::string& arn) const {
    auto members = json::Value::object({{"executionArn", arn}});
    if (!error_.empty()) members = members.with("error", error_);
    if (!cause_.empty()) members = members.with("cause", cause_);
    TRY(client.call("Pawl.StopExecution", members));
    return {};
  }

  std::string execution_, error_, cause_;
};

}  // namespace

std::unique_ptr<Verb> execution_stop() { return std::make_unique<ExecutionStop>(); }

}  // namespace pawl::cli
