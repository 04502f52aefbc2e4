#include "base/text.h"
#include "cli/confirm.h"
#include "cli/units.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

using json::Value;

std::string change_of(const Value& run) {
  if (!run["open"].is_null()) return concat("kept: ", plain(run["open"]));
  return run["change"] == "removed" ? "removed" : "to be removed";
}

Listing listing_of(const Value& runs) {
  Listing listing;
  listing.rows.assign(runs.elements().begin(), runs.elements().end());
  listing.columns = {{"RUN", text_of("run")},
                     Listing::bytes("VOLUME", "volume_bytes"),
                     {"BUCKET", text_of("bucket")},
                     Listing::bytes("RESULTS", "results_bytes"),
                     Listing::bytes("LOGS", "log_bytes"),
                     {"CHANGE", change_of}};
  listing.name_member = "run";
  listing.when_empty = "no runs are kept";
  return listing;
}

class ArraysPurge : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.flag("--yes", is_sure_, "do not ask");
    arguments.remark(
        "Of every run that has ended: its directory on the volume, its results in the bucket, and "
        "the logs of its jobs. A run that is open is kept, and so is whatever is no run's.");
  }

  Result<int> run(const Session& session) override {
    const Value runs = TRY(session.client.invoke("pawl-arrays-kept", Value::object()))["runs"];
    Value::Array names;
    for (const Value& run : runs.elements())
      if (run["open"].is_null()) names.push_back(run["run"]);
    if (names.empty()) {
      session.show(listing_of(runs));
      return exit_done;
    }
    if (!is_sure_) {
      session.terminal.say(render(listing_of(runs), {.format = Format::table}));
      TRY(confirm(session,
                  concat(count_of(names.size(), "run"),
                         " will be removed for good, with results and logs."),
                  "purge"));
    }
    const Value purged = TRY(session.client.invoke(
        "pawl-arrays-purge", Value::object({{"runs", Value(std::move(names))}})));
    session.show(listing_of(purged["runs"]));
    return exit_done;
  }

 private:
  bool is_sure_ = false;
};

}  // namespace

std::unique_ptr<Verb> arrays_purge() { return std::make_unique<ArraysPurge>(); }

}  // namespace pawl::cli
