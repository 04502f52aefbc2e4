#include "base/text.h"
#include "cli/arrays/site.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

using json::Value;

// All that is in the way, a line each.
Error cannot_begin(const std::vector<std::string>& missing, const Value& broken) {
  std::string text = "array runs cannot be set up:";
  for (const std::string& each : missing) text += concat("\n  ", each);
  for (const Value& breach : broken.elements())
    text += concat("\n  ", plain(breach["rule"]), ": ", plain(breach["wrong"]), ", so ",
                   plain(breach["why"]), "; ", plain(breach["mend"]));
  return Error(missing.empty() ? ErrorCode::permission_denied : ErrorCode::conflict, text,
               broken.size() == 0 ? ""
                                  : "A rule that cannot be held is accepted in the configuration: "
                                    "[arrays.accepted], its name = \"why\".");
}

class ArraysInit : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.option("--bucket", bucket_, "for the results; made where it is missing (arrays)");
    arguments.number("--vcpus", vcpus_, {1, 1'000'000},
                     "nodes that run at once (as it is; at first the server's processors)");
    arguments.choice("--executor", executor_, {"local", "slurm"},
                     "where they run (as it is; at first local)");
    arguments.remark(
        "Makes the compute environment pawl-arrays, a queue for each step, one queue for all of "
        "them, and the job definitions. May be done again: it changes what differs. Says first all "
        "that is missing, and which rules of safety are broken (docs/arrays.md).");
  }

  Result<int> run(const Session& session) override {
    const std::string there = TRY(site_executor(session.client));
    const std::string executor = !executor_.empty() ? executor_ : there.empty() ? "local" : there;
    Value event =
        Value::object({{"bucket", bucket_}, {"make_bucket", true}, {"executor", executor}});
    if (vcpus_) event = event.with("vcpus", *vcpus_);
    const Value site = TRY(session.client.invoke("pawl-arrays-site", event));
    std::vector<std::string> missing;
    for (const Value& each : site["missing"].elements()) missing.push_back(plain(each));
    if (!there.empty() && there != executor)
      missing.push_back(concat("the compute environment pawl-arrays has the executor ", there,
                               ": `pawl arrays remove` takes it down"));
    const Value broken = site["broken"];
    if (!missing.empty() || broken.size() > 0) return cannot_begin(missing, broken);
    const ArraySite wanted{.vcpus = vcpus_,
                           .processors = site.integer_at("cpus").value_or(1),
                           .executor = executor,
                           .worker = site.string_at("worker").value_or("")};
    Listing listing;
    listing.rows = TRY(prepare_site(session.client, wanted));
    std::string accepted;
    for (const Value& breach : site["accepted"].elements()) {
      listing.rows.push_back(Value::object({{"kind", "rule"},
                                            {"name", breach["rule"]},
                                            {"change", "accepted"},
                                            {"wrong", breach["wrong"]},
                                            {"reason", breach["reason"]}}));
      accepted +=
          concat("accepted: ", plain(breach["wrong"]), " (", plain(breach["reason"]), ")\n");
    }
    listing.columns = {
        {"KIND", text_of("kind")}, {"NAME", text_of("name")}, {"CHANGE", text_of("change")}};
    listing.name_member = "name";
    session.show(listing);
    session.remark(concat(accepted, "volume ", plain(site["volume"]), ", bucket ", bucket_,
                          "\nnext:  pawl arrays run --ids 20000 --nodes 500"));
    return exit_done;
  }

 private:
  std::string bucket_ = "arrays", executor_;
  std::optional<int64_t> vcpus_;
};

}  // namespace

std::unique_ptr<Verb> arrays_init() { return std::make_unique<ArraysInit>(); }

}  // namespace pawl::cli
