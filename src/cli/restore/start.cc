#include "base/text.h"
#include "cli/restore/served_target.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class RestoreStart : public Verb {
 public:
  void declare(Arguments& arguments) override { target_.declare(arguments); }

  Result<int> run(const Session& session) override {
    const auto answer = TRY(target_.invoke(session.client, "pawl-restore-start"));
    if (session.wants_json()) {
      session.show(answer);
    } else {
      const json::Value endpoint = answer["endpoint"];
      session.terminal.print(concat("serving: ", target_.name, " at ", plain(endpoint["address"]),
                                    ":", plain(endpoint["port"]), "\n"));
    }
    return exit_done;
  }

 private:
  ServedTarget target_;
};

}  // namespace

std::unique_ptr<Verb> restore_start() { return std::make_unique<RestoreStart>(); }

}  // namespace pawl::cli
