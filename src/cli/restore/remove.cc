#include "base/text.h"
#include "cli/confirm.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class RestoreRemove : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("TARGET", target_, "the restored cluster");
    arguments.option("--region", region_, "where; needed where it is served in several");
    arguments.flag("--yes", is_sure_, "do not ask");
  }

  Result<int> run(const Session& session) override {
    auto event = json::Value::object({{"target_cluster", target_}});
    if (!region_.empty()) event = event.with("region", region_);
    if (!is_sure_) {
      TRY(confirm(
          session,
          concat("The restored database ", target_, " and what it replaced will be removed, ",
                 "with all that was written to them. Snapshots stay."),
          target_));
    }
    const auto answer = TRY(session.client.invoke("pawl-restore-remove", event));
    if (session.wants_json()) session.show(answer);
    session.remark(concat("removed ", target_, " in ", plain(answer["region"])));
    return exit_done;
  }

 private:
  std::string target_, region_;
  bool is_sure_ = false;
};

}  // namespace

std::unique_ptr<Verb> restore_remove() { return std::make_unique<RestoreRemove>(); }

}  // namespace pawl::cli
