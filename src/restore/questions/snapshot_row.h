#pragma once

#include "json/value.h"
#include "restore/snapshots/snapshot.h"

namespace pawl::restore::questions {

// A snapshot as every answer shows it: {name, cluster, region, date, taken, note, bytes, files,
// tables, rows, unlogged[]}.
json::Value snapshot_row(const Snapshot& snapshot);

// What whoever takes or restores it should know: a date that is not that of the data, tables that
// come back empty.
json::Value::Array snapshot_warnings(const Snapshot& snapshot);

}  // namespace pawl::restore::questions
