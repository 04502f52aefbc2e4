#include <algorithm>

#include "base/text.h"
#include "restore/steps/steps.h"

namespace pawl::restore::steps {
namespace {

std::string first_of(const std::vector<std::string>& differences) {
  constexpr size_t shown_max = 10;
  const auto shown = std::min(shown_max, differences.size());
  std::string text = join({differences.begin(), differences.begin() + shown}, "; ");
  if (shown < differences.size()) text += concat("; and ", differences.size() - shown, " more");
  return text;
}

// Those with most tables first: who connects wants one of them.
json::Value names_of(const Inventory& inventory) {
  std::vector<std::pair<int, std::string>> counted;
  for (const std::string& database : inventory.databases) {
    int tables = 0;
    for (const TableInventory& table : inventory.tables) tables -= table.database == database;
    counted.emplace_back(tables, database);
  }
  std::sort(counted.begin(), counted.end());
  json::Value::Array names;
  for (const auto& [unused, name] : counted) names.emplace_back(name);
  return names;
}

}  // namespace

Result<Done> verify_restore(Step& step) {
  // What serves has been verified, and its data go on changing.
  if (is_serving(step)) {
    return Done{"verified before it was swapped in", {{"verification_status", "verified"}}};
  }
  const Snapshot snapshot = TRY(snapshot_of(step));
  const Verification found =
      TRY(step.services.provider.verify(step.request.operation_id, step.request.target_region,
                                        snapshot, step.call.progress, step.call.cancellation));
  if (!found.differences.empty()) {
    Done done;
    done.failure = {"Restore.VerificationFailed",
                    concat("the restored database differs from ", snapshot.name, ": ",
                           first_of(found.differences))};
    return done;
  }
  const size_t unlogged = found.inventory.unlogged().size();
  Done done{concat(found.inventory.table_count(), " tables are as in the snapshot",
                   unlogged == 0 ? "" : concat(", ", unlogged, " unlogged without data")),
            {{"verification_status", "verified"},
             {"engine_version", found.engine_version},
             {"schema_count", found.inventory.schemas.size()},
             {"table_count", found.inventory.table_count()},
             {"row_count", found.inventory.rows()},
             {"databases", names_of(found.inventory)},
             {"pages_checked", found.pages_checked}}};
  if (!found.has_page_checksums) {
    done.warn("page_checksums",
              "page checksums are off in this cluster: rows were compared with the snapshot, pages "
              "of indexes and free space were not checked; pg_checksums --enable turns them on");
  }
  if (const auto warning = unlogged_warning(found.inventory)) {
    done.warn("unlogged_tables", *warning);
  }
  return done;
}

}  // namespace pawl::restore::steps
