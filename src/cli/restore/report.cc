#include "cli/restore/report_view.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class RestoreReport : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("ID", id_, "id of an operation or a batch");
  }

  Result<int> run(const Session& session) override {
    TRY(show_report(session, TRY(restore_report_of(session.client, id_))));
    return exit_done;
  }

 private:
  std::string id_;
};

}  // namespace

std::unique_ptr<Verb> restore_report() { return std::make_unique<RestoreReport>(); }

}  // namespace pawl::cli
