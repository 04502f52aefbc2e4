#include "base/text.h"
#include "cli/json_text.h"
#include "cli/names.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class MachineUpdate : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("MACHINE", machine_, "name or ARN");
    arguments.positional("FILE", file_, "its new definition; - for standard input");
  }

  Result<int> run(const Session& session) override {
    const auto definition = TRY(file_ == "-" ? text_argument(file_) : read_text_file(file_));
    TRY(check_definition(definition, file_ == "-" ? "standard input" : file_));
    const auto arn = TRY(machine_arn(session.client, machine_));
    const auto answer = TRY(session.client.call(
        "AWSStepFunctions.UpdateStateMachine",
        json::Value::object({{"stateMachineArn", arn}, {"definition", definition}})));
    if (session.wants_json()) session.show(with_moments(answer));
    session.remark(concat("updated ", arn, "; running executions keep the old definition"));
    return exit_done;
  }

 private:
  std::string machine_, file_;
};

}  // namespace

std::unique_ptr<Verb> machine_update() { return std::make_unique<MachineUpdate>(); }

}  // namespace pawl::cli
