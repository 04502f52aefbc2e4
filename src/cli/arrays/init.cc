#include "base/text.h"
#include "cli/arrays/site.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

using json::Value;

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
        "them, and the job definitions. May be done again: it changes what differs.");
  }

  Result<int> run(const Session& session) override {
    const Value event = Value::object({{"bucket", bucket_}, {"make_bucket", true}});
    const Value site = TRY(session.client.invoke("pawl-arrays-site", event));
    if (site["missing"].is_array() && site["missing"].size() > 0)
      return Error(ErrorCode::conflict, plain(site["missing"].elements()[0]));
    const ArraySite wanted{.vcpus = vcpus_,
                           .processors = site.integer_at("cpus").value_or(1),
                           .executor = executor_,
                           .worker = site.string_at("worker").value_or("")};
    Listing listing;
    listing.rows = TRY(prepare_site(session.client, wanted));
    listing.columns = {
        {"KIND", text_of("kind")}, {"NAME", text_of("name")}, {"CHANGE", text_of("change")}};
    listing.name_member = "name";
    session.show(listing);
    session.remark(concat("volume ", plain(site["volume"]), ", bucket ", bucket_,
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
