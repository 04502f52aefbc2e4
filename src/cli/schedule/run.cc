#include "base/text.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class ScheduleRun : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("SCHEDULE", name_, "its name");
  }

  Result<int> run(const Session& session) override {
    const auto run =
        TRY(session.client.call("Pawl.RunSchedule", json::Value::object({{"Name", name_}})));
    if (session.wants_json()) session.show(run);
    if (run["Outcome"] != json::Value("STARTED"))
      return Error(ErrorCode::failed, concat(name_, " could not be run: ", plain(run["Why"])),
                   concat("`pawl schedule show ", name_, "` shows what it starts."));
    if (!session.wants_json()) session.terminal.print(plain(run["ExecutionArn"]) + "\n");
    return exit_done;
  }

 private:
  std::string name_;
};

}  // namespace

std::unique_ptr<Verb> schedule_run() { return std::make_unique<ScheduleRun>(); }

}  // namespace pawl::cli
