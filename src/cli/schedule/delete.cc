#include "base/text.h"
#include "cli/confirm.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class ScheduleDelete : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("SCHEDULE", name_, "its name");
    arguments.flag("--yes", is_sure_, "do not ask");
  }

  Result<int> run(const Session& session) override {
    if (!is_sure_)
      TRY(confirm(session,
                  concat("The schedule ", name_, " will be deleted, with the list of its runs. ",
                         "Executions that it has started go on."),
                  name_));
    const auto members = json::Value::object({{"Name", name_}});
    TRY(session.client.call("Pawl.DeleteSchedule", members));
    if (session.wants_json()) session.show(members);
    session.remark(concat("deleted ", name_));
    return exit_done;
  }

 private:
  std::string name_;
  bool is_sure_ = false;
};

}  // namespace

std::unique_ptr<Verb> schedule_delete() { return std::make_unique<ScheduleDelete>(); }

}  // namespace pawl::cli
