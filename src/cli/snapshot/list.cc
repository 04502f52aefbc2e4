#include "cli/verbs.h"

namespace pawl::cli {
namespace {

// A snapshot that a restore has taken out of the archive again is kept twice.
std::string tiers(const json::Value& row) {
  return row["tier"] == "both" ? "standard + archive" : plain(row["tier"]);
}

class SnapshotList : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.optional_positional("NAME", name_, "only snapshots of this cluster");
    arguments.option("--region", region_, "only snapshots in this region");
  }

  Result<int> run(const Session& session) override {
    json::Value event = json::Value::object();
    if (!name_.empty()) event = event.with("cluster_name", name_);
    if (!region_.empty()) event = event.with("region", region_);
    const auto answer = TRY(session.client.invoke("pawl-snapshot-list", event));
    const json::Value snapshots = answer["snapshots"];
    Listing listing;
    if (snapshots.is_array()) {
      listing.rows.assign(snapshots.elements().begin(), snapshots.elements().end());
    }
    listing.columns = {{"CLUSTER", text_of("cluster")},
                       {"REGION", text_of("region")},
                       {"DATE", text_of("date")},
                       Listing::bytes("SIZE", "bytes"),
                       {"TABLES", text_of("tables"), Table::Align::right},
                       {"ROWS", text_of("rows"), Table::Align::right},
                       {"TIER", tiers},
                       {"TAKEN", moment_of("taken", session.style.is_utc)},
                       {"NOTE", text_of("note")},
                       {"FILES", text_of("files"), Table::Align::right, true}};
    listing.name_member = "date";
    listing.when_empty = "no snapshots; `pawl snapshot take NAME` makes one";
    session.show(listing);
    return exit_done;
  }

 private:
  std::string name_, region_;
};

}  // namespace

std::unique_ptr<Verb> snapshot_list() { return std::make_unique<SnapshotList>(); }

}  // namespace pawl::cli
