#include "cli/verbs.h"

namespace pawl::cli {
namespace {

// Whether the target's data are this operation's now; of each target one operation's at most.
std::string serves(const json::Value& row) {
  if (row["is_serving"] == true) return "yes";
  const bool is_mine = !row["serving"].is_null() && row["serving"] == row["operation_id"];
  return is_mine ? "stopped" : "-";
}

class RestoreList : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.option("--region", region_, "only restores into this region");
  }

  Result<int> run(const Session& session) override {
    json::Value event = json::Value::object();
    if (!region_.empty()) event = event.with("region", region_);
    const auto answer = TRY(session.client.invoke("pawl-restore-list", event));
    const json::Value operations = answer["operations"];
    Listing listing;
    if (operations.is_array()) {
      listing.rows.assign(operations.elements().begin(), operations.elements().end());
    }
    listing.columns = {
        {"OPERATION", text_of("operation_id")},
        {"DATABASE", text_of("target_cluster")},
        {"REGION", text_of("target_region")},
        {"SNAPSHOT", text_of("snapshot_date")},
        {"STATUS", text_of("status")},
        {"SERVES", serves},
        {"STEP", text_of("step")},
        {"STARTED", moment_of("started", session.style.is_utc)},
        Listing::seconds("TIME", "seconds"),
        {"SOURCE", text_of("cluster_name"), Table::Align::left, true},
        {"ENDED", moment_of("ended", session.style.is_utc), Table::Align::left, true}};
    listing.name_member = "operation_id";
    listing.when_empty = "no restores yet; `pawl restore run NAME` makes one";
    session.show(listing);
    return exit_done;
  }

 private:
  std::string region_;
};

}  // namespace

std::unique_ptr<Verb> restore_list() { return std::make_unique<RestoreList>(); }

}  // namespace pawl::cli
