#include "cli/names.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class MachineList : public Verb {
 public:
  void declare(Arguments&) override {}

  Result<int> run(const Session& session) override {
    Listing listing;
    listing.rows = TRY(all_machines(session.client));
    for (json::Value& row : listing.rows) row = with_moments(row);
    listing.columns = {{"NAME", text_of("name")},
                       {"TYPE", text_of("type")},
                       {"CREATED", moment_of("creationDate", session.style.is_utc)},
                       {"ARN", text_of("stateMachineArn")}};
    listing.name_member = "name";
    listing.when_empty = "no machines";
    session.show(listing);
    return exit_done;
  }
};

}  // namespace

std::unique_ptr<Verb> machine_list() { return std::make_unique<MachineList>(); }

}  // namespace pawl::cli
