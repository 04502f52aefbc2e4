#include "base/text.h"
#include "cli/names.h"
#include "cli/verbs.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::cli {
namespace {

class MachineShow : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("MACHINE", machine_, "name or ARN");
    arguments.flag("--definition", only_definition_, "print nothing but the definition");
  }

  Result<int> run(const Session& session) override {
    const auto arn = TRY(machine_arn(session.client, machine_));
    const auto machine = TRY(session.client.call("AWSStepFunctions.DescribeStateMachine",
                                                 json::Value::object({{"stateMachineArn", arn}})));
    const std::string definition = machine.string_at("definition").value_or("");
    if (only_definition_) {
      session.terminal.print(definition + "\n");
    } else if (session.wants_json()) {
      session.show(with_moments(machine));
    } else {
      const auto value = json::parse(definition);
      session.terminal.print(
          concat("name        ", plain(machine["name"]), "\nstatus      ", plain(machine["status"]),
                 "\ntype        ", plain(machine["type"]), "\ncreated     ",
                 moment_text(machine["creationDate"], session.style.is_utc), "\narn         ", arn,
                 "\ndefinition\n", value ? json::write_pretty(*value) : definition, "\n"));
    }
    return exit_done;
  }

 private:
  std::string machine_;
  bool only_definition_ = false;
};

}  // namespace

std::unique_ptr<Verb> machine_show() { return std::make_unique<MachineShow>(); }

}  // namespace pawl::cli
