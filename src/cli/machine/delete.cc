#include "base/text.h"
#include "cli/confirm.h"
#include "cli/names.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

std::string_view return_of(std::string_view name) {
  return is_shipped(name) ? " It comes with pawl: the next start of the server makes it again."
                          : "";
}

class MachineDelete : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("MACHINE", machine_, "name or ARN");
    arguments.flag("--yes", is_sure_, "do not ask");
  }

  Result<int> run(const Session& session) override {
    const auto arn = TRY(machine_arn(session.client, machine_));
    const std::string name = name_of(arn);
    if (!is_sure_) {
      TRY(confirm(session,
                  concat("The machine ", name, " will be deleted, with its versions and aliases.",
                         return_of(name)),
                  name));
    }
    TRY(session.client.call("AWSStepFunctions.DeleteStateMachine",
                            json::Value::object({{"stateMachineArn", arn}})));
    session.remark(concat("deleted ", arn, ".", return_of(name)));
    return exit_done;
  }

 private:
  std::string machine_;
  bool is_sure_ = false;
};

}  // namespace

std::unique_ptr<Verb> machine_delete() { return std::make_unique<MachineDelete>(); }

}  // namespace pawl::cli
