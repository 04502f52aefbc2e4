#include "base/text.h"
#include "cli/confirm.h"
#include "cli/restore/served_target.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class RestoreRemove : public Verb {
 public:
  void declare(Arguments& arguments) override {
    target_.declare(arguments);
    arguments.flag("--yes", is_sure_, "do not ask");
  }

  Result<int> run(const Session& session) override {
    if (!is_sure_) {
      TRY(confirm(
          session,
          concat("The restored database ", target_.name, " and what it replaced will be removed, ",
                 "with all that was written to them. Snapshots stay."),
          target_.name));
    }
    const auto answer = TRY(target_.invoke(session.client, "pawl-restore-remove"));
    if (session.wants_json()) session.show(answer);
    session.remark(concat("removed ", target_.name, " in ", plain(answer["region"])));
    return exit_done;
  }

 private:
  ServedTarget target_;
  bool is_sure_ = false;
};

}  // namespace

std::unique_ptr<Verb> restore_remove() { return std::make_unique<RestoreRemove>(); }

}  // namespace pawl::cli
