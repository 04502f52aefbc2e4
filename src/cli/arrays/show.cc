#include "cli/arrays/run_view.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class ArraysShow : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("RUN", run_, "name of the run, which is its execution's");
  }

  Result<int> run(const Session& session) override {
    show_run(session, TRY(shown_run(session.client, run_)));
    return exit_done;
  }

 private:
  std::string run_;
};

}  // namespace

std::unique_ptr<Verb> arrays_show() { return std::make_unique<ArraysShow>(); }

}  // namespace pawl::cli
