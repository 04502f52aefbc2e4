#include "base/text.h"
#include "cli/names.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class MachineDelete : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("MACHINE", machine_, "name or ARN");
  }

  Result<int> run(const Session& session) override {
    const auto arn = TRY(machine_arn(session.client, machine_));
    TRY(session.client.call("AWSStepFunctions.DeleteStateMachine",
                            json::Value::object({{"stateMachineArn", arn}})));
    session.remark(concat("deleted ", arn));
    return exit_done;
  }

 private:
  std::string machine_;
};

}  // namespace

std::unique_ptr<Verb> machine_delete() { return std::make_unique<MachineDelete>(); }

}  // namespace pawl::cli
