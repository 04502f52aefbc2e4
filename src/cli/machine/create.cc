#include "base/text.h"
#include "cli/json_text.h"
#include "cli/names.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class MachineCreate : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("NAME", name_, "name of the new machine");
    arguments.positional("FILE", file_, "its definition; - for standard input");
    arguments.option("--role", role_, "ARN of its role (kept, not used)");
  }

  Result<int> run(const Session& session) override {
    const auto definition = TRY(file_ == "-" ? text_argument(file_) : read_text_file(file_));
    TRY(check_definition(definition, file_ == "-" ? "standard input" : file_));
    const auto answer = TRY(session.client.call(
        "AWSStepFunctions.CreateStateMachine",
        json::Value::object({{"name", name_}, {"definition", definition}, {"roleArn", role_}})));
    if (session.wants_json()) {
      session.show(with_moments(answer));
    } else {
      session.terminal.print(plain(answer["stateMachineArn"]) + "\n");
    }
    return exit_done;
  }

 private:
  std::string name_, file_, role_ = "arn:aws:iam::000000000000:role/pawl";
};

}  // namespace

std::unique_ptr<Verb> machine_create() { return std::make_unique<MachineCreate>(); }

}  // namespace pawl::cli
