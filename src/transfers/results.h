#pragma once

#include "asl/failure.h"
#include "objects/buckets.h"

namespace pawl::transfers {

// Leaves the results of a map run (execution/map_results.h) in a bucket, below the prefix and the
// run's id: SUCCEEDED_n.json, FAILED_n.json and PENDING_n.json, and last of all manifest.json that
// names them. The answer is where the manifest is, or, of a part that is not the last, its files as
// the manifest will list them. The same request writes the same objects again. Failure:
// States.ResultWriterFailed.
asl::Outcome<json::Value> write_results(const objects::Buckets& buckets,
                                        const json::Value& request);

}  // namespace pawl::transfers
