#include "base/text.h"
#include "cli/restore/served_target.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class RestoreStop : public Verb {
 public:
  void declare(Arguments& arguments) override { target_.declare(arguments); }

  Result<int> run(const Session& session) override {
    const auto answer = TRY(target_.invoke(session.client, "pawl-restore-stop"));
    if (session.wants_json()) session.show(answer);
    session.remark(concat(target_.name, " in ", plain(answer["region"]),
                          " is down and stays down; `pawl restore start ", target_.name,
                          " --region ", plain(answer["region"]), "` brings it back"));
    return exit_done;
  }

 private:
  ServedTarget target_;
};

}  // namespace

std::unique_ptr<Verb> restore_stop() { return std::make_unique<RestoreStop>(); }

}  // namespace pawl::cli
