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
    auto members = json::Value::object({{"executionArn", arn}});
    if (!error_.empty()) members = members.with("error", error_);
    if (!cause_.empty()) members = members.with("cause", cause_);
    const auto answer = TRY(session.client.call("AWSStepFunctions.StopExecution", members));
    if (session.wants_json()) session.show(answer);
    session.remark(concat("stopped ", arn));
    return exit_done;
  }

 private:
  std::string execution_, error_, cause_;
};

}  // namespace

std::unique_ptr<Verb> execution_stop() { return std::make_unique<ExecutionStop>(); }

}  // namespace pawl::cli
