#include "restore/questions/snapshot_row.h"

#include "base/text.h"
#include "base/time.h"

namespace pawl::restore::questions {

json::Value snapshot_row(const Snapshot& snapshot) {
  const auto note = snapshot.note();
  const auto unlogged = snapshot.inventory.unlogged();
  return json::Value::object({{"name", snapshot.name},
                              {"cluster", snapshot.cluster},
                              {"region", snapshot.region},
                              {"date", snapshot.date},
                              {"taken", format_instant(snapshot.taken)},
                              {"note", note ? json::Value(*note) : json::Value()},
                              {"bytes", snapshot.bytes},
                              {"files", snapshot.files},
                              {"tables", snapshot.inventory.table_count()},
                              {"rows", snapshot.inventory.rows()},
                              {"unlogged", json::Value::Array(unlogged.begin(), unlogged.end())}});
}

json::Value::Array snapshot_warnings(const Snapshot& snapshot) {
  json::Value::Array warnings;
  if (const auto note = snapshot.note()) {
    warnings.emplace_back(concat(snapshot.name, " was ", *note, ": its data are not of that day"));
  }
  if (const auto unlogged = unlogged_warning(snapshot.inventory)) warnings.emplace_back(*unlogged);
  return warnings;
}

}  // namespace pawl::restore::questions
