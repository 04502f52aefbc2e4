#include "base/text.h"
#include "cli/confirm.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class SnapshotDelete : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("NAME", name_, "its cluster");
    arguments.positional("DATE", date_, "YYYY-MM-DD");
    arguments.option("--region", region_, "where (the cluster's own)");
    arguments.flag("--force", is_forced_, "also the last one there is of the cluster");
    arguments.flag("--yes", is_sure_, "do not ask");
  }

  Result<int> run(const Session& session) override {
    auto event = json::Value::object(
        {{"cluster_name", name_}, {"snapshot_date", date_}, {"force", is_forced_}});
    if (!region_.empty()) event = event.with("region", region_);
    if (!is_sure_) {
      TRY(confirm(session,
                  concat("The snapshot of ", name_, " of ", date_, " will be deleted",
                         region_.empty() ? "" : " in ", region_, "."),
                  name_));
    }
    const auto answer = TRY(session.client.invoke("pawl-snapshot-delete", event));
    if (session.wants_json()) session.show(answer);
    session.remark(concat("deleted ", name_, " ", date_, " in ", plain(answer["region"]), ": ",
                          bytes_of("bytes")(answer)));
    return exit_done;
  }

 private:
  std::string name_, date_, region_;
  bool is_forced_ = false, is_sure_ = false;
};

}  // namespace

std::unique_ptr<Verb> snapshot_delete() { return std::make_unique<SnapshotDelete>(); }

}  // namespace pawl::cli
