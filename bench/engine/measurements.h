#pragma once

#include <string>

#include "json/value.h"

namespace pawl::bench {

// One measurement each, in an empty directory of its own; the figures by their names.

// A chain of Pass and Choice states without a store: nanoseconds for a state, by size of input.
json::Value transition_cpu();

// Executions of ten Tasks on a function that does nothing, so many at once, for so long; and rows
// of the same size written by SQLite alone in transactions of the same number.
json::Value steps(const std::string& directory, int64_t concurrency, double seconds);

// An inline Map of so many items with two Tasks each.
json::Value inline_map(const std::string& directory, int64_t items);

// A distributed Map of so many rows of a sheet, in batches of 1,000 with a Task each, whose results
// go to a bucket: how long, and the most memory that it had.
json::Value distributed_map(const std::string& directory, int64_t rows);

// Tasks of an activity, answered by so many workers that each ask for the next.
json::Value callbacks(const std::string& directory, int64_t workers, double seconds);

// So many executions in a Wait, of which 5,000 end in each second: memory, and how late they wake.
json::Value sleepers(const std::string& directory, int64_t count);

// So many executions in a Wait are begun, and this process dies.
void leave_open(const std::string& directory, int64_t count);
// And another takes them up.
json::Value take_up(const std::string& directory);

}  // namespace pawl::bench
