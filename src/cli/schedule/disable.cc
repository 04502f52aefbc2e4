#include "cli/schedule/set_state.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class ScheduleDisable : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("SCHEDULE", name_, "its name");
  }
  Result<int> run(const Session& session) override { return set_state(session, name_, "DISABLED"); }

 private:
  std::string name_;
};

}  // namespace

std::unique_ptr<Verb> schedule_disable() { return std::make_unique<ScheduleDisable>(); }

}  // namespace pawl::cli
