#pragma once

#include <string>

#include "arrays/run/run.h"
#include "arrays/services.h"
#include "functions/function.h"
#include "json/value.h"

namespace pawl::arrays {

// The functions of docs/arrays.md. Each may be called again.

// Writes the ids of every node and says which jobs are to be submitted, in their order.
Result<json::Value> init(const Services& services, functions::Call& call);
// What has become of the jobs, and, where all have succeeded, of every id in the bucket.
Result<json::Value> check(const Services& services, functions::Call& call);
// Removes the run from the volume.
Result<json::Value> cleanup(const Services& services, functions::Call& call);
// Makes every result of a run again out of its seed and compares it with the bucket.
Result<json::Value> verify(const Services& services, functions::Call& call);
// A run, and its jobs as they are.
Result<json::Value> show(const Services& services, functions::Call& call);
// Of all runs what there is of them, and how much; and what is open of them.
Result<json::Value> kept(const Services& services, functions::Call& call);
// Removes all that there is of runs that have ended.
Result<json::Value> purge(const Services& services, functions::Call& call);
// Whether runs could begin: all that is missing, and the rules of safety that are broken.
Result<json::Value> site(const Services& services, functions::Call& call);

// The member of the event that names the run. Error: invalid_argument.
Result<std::string> run_name_of(const json::Value& event);

}  // namespace pawl::arrays
