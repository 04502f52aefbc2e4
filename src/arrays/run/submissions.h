#pragma once

#include <string>

#include "arrays/run/run.h"
#include "json/value.h"

namespace pawl::arrays {

// The jobs of a run in the order in which they are submitted, step by step:
//   [{"request": {"JobName", "JobQueue", "JobDefinition", "ContainerOverrides", "ArrayProperties"},
//     "after": -1, "dependency": {}}, …]
// `request` is what SubmitJob takes but for DependsOn. A job depends on the job at the place
// `after` of the list, of the same nodes, with "Type": "N_TO_N" in `dependency` where they are
// arrays.
json::Value submissions_of(const Run& run, const std::string& directory,
                           const std::string& results);

}  // namespace pawl::arrays
