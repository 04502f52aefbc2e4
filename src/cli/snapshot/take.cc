#include <set>

#include "base/text.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class SnapshotTake : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positionals("NAME", names_, "clusters to take a snapshot of", 1);
    arguments.option("--date", date_, "YYYY-MM-DD, not in the future (today, in UTC)");
  }

  Result<int> run(const Session& session) override {
    TRY(check_are_different());
    // A name that is wrong is told before the first one takes its time.
    for (const std::string& name : names_) {
      TRY(session.client.invoke("pawl-snapshot-check", event_of(name)));
    }
    json::Value::Array snapshots;
    for (const std::string& name : names_) {
      const auto answer = TRY(session.client.invoke("pawl-snapshot-take", event_of(name)));
      const json::Value snapshot = answer["snapshot"];
      snapshots.push_back(snapshot.with("warnings", answer["warnings"]));
      session.warn(answer["warnings"]);
      if (session.style.format == Format::jsonl) session.show(snapshots.back());
      if (session.wants_json()) continue;
      session.terminal.print(concat(name, " ", plain(snapshot["date"]), ": ",
                                    bytes_of("bytes")(snapshot), ", ", plain(snapshot["files"]),
                                    " files, ", plain(snapshot["tables"]), " tables, ",
                                    plain(snapshot["rows"]), " rows\n"));
    }
    if (session.style.format == Format::json) {
      session.show(snapshots.size() == 1 ? snapshots[0] : json::Value(snapshots));
    }
    return exit_done;
  }

 private:
  Result<void> check_are_different() const {
    std::set<std::string> known;
    for (const std::string& name : names_) {
      if (known.insert(name).second) continue;
      return Error(ErrorCode::invalid_argument, concat(name, " is named twice"),
                   "A cluster has one snapshot of a date.");
    }
    return {};
  }
  json::Value event_of(const std::string& name) const {
    const auto event = json::Value::object({{"cluster_name", name}});
    return date_.empty() ? event : event.with("snapshot_date", date_);
  }

  std::vector<std::string> names_;
  std::string date_;
};

}  // namespace

std::unique_ptr<Verb> snapshot_take() { return std::make_unique<SnapshotTake>(); }

}  // namespace pawl::cli
