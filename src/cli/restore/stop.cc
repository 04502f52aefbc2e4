#include "base/text.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class RestoreStop : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("TARGET", target_, "the restored cluster");
    arguments.option("--region", region_, "where; needed where it is served in several");
  }

  Result<int> run(const Session& session) override {
    auto event = json::Value::object({{"target_cluster", target_}});
    if (!region_.empty()) event = event.with("region", region_);
    const auto answer = TRY(session.client.invoke("pawl-restore-stop", event));
    if (session.wants_json()) session.show(answer);
    session.remark(concat(target_, " in ", plain(answer["region"]),
                          " is down and stays down; `pawl restore start ", target_,
                          "` brings it back"));
    return exit_done;
  }

 private:
  std::string target_, region_;
};

}  // namespace

std::unique_ptr<Verb> restore_stop() { return std::make_unique<RestoreStop>(); }

}  // namespace pawl::cli
