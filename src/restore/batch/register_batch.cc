#include "restore/batch/register_batch.h"

#include "restore/questions/verb.h"

namespace pawl::restore {

void register_batch(functions::Registry& registry, const batch::Parts& parts) {
  using Verb = Result<json::Value> (*)(const batch::Parts&, const functions::Call&);
  struct Row {
    const char *name, *description;
    Verb verb;
  };
  const Row rows[] = {
      {"pawl-batch-plan", "Checks a batch and puts its databases in order.", batch::plan},
      {"pawl-batch-turn", "Says when an item of a batch may start.", batch::turn},
      {"pawl-batch-classify", "Says whether a failed restore is worth another try.",
       batch::classify},
      {"pawl-batch-record", "Keeps the result of one database.", batch::record},
      {"pawl-batch-report", "Sums up a batch.", batch::report},
      {"pawl-batch-failed", "The input of a batch of what failed in another.", batch::failed},
  };
  for (const Row& row : rows) {
    registry.add(questions::verb(
        row.name, row.description,
        [parts, verb = row.verb](functions::Call& call) { return verb(parts, call); }));
  }
}

}  // namespace pawl::restore
