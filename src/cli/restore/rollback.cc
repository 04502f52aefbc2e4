#include "base/text.h"
#include "cli/confirm.h"
#include "cli/restore/report_view.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class RestoreRollback : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("ID", id_, "id of the operation to take back");
    arguments.flag("--yes", is_sure_, "do not ask");
  }

  Result<int> run(const Session& session) override {
    if (!is_sure_) TRY(ask(session));
    const auto answer = TRY(session.client.invoke("pawl-restore-rollback",
                                                  json::Value::object({{"operation_id", id_}})));
    if (session.wants_json()) {
      session.show(answer);
    } else {
      const json::Value endpoint = answer["endpoint"];
      session.terminal.print(concat("serving again: ", plain(answer["serving"]), " at ",
                                    plain(endpoint["address"]), ":", plain(endpoint["port"]),
                                    "\n"));
    }
    return exit_done;
  }

 private:
  // What applications see changes at once, so the name of the database must be typed.
  Result<void> ask(const Session& session) const {
    const auto report = TRY(restore_report_of(session.client, id_));
    const json::Value operations = report["operations"];
    std::string name = id_;
    if (operations.is_array() && operations.size() > 0) {
      name = operations.elements()[0].string_at("target_cluster").value_or(id_);
    }
    return confirm(
        session, concat("The database that ", id_, " replaced will serve ", name, " again."), name);
  }

  std::string id_;
  bool is_sure_ = false;
};

}  // namespace

std::unique_ptr<Verb> restore_rollback() { return std::make_unique<RestoreRollback>(); }

}  // namespace pawl::cli
