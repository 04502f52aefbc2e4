#pragma once

#include "base/result.h"
#include "functions/function.h"
#include "json/value.h"
#include "restore/batch/batch_file.h"
#include "restore/services.h"

namespace pawl::restore::questions {

// pawl-restore-report for a batch: the answer of pawl-batch-report, and `operations` with the
// report of each item's operation.
Result<json::Value> batch_report(Services& services, batch::Batches& batches,
                                 const functions::Call& call);

}  // namespace pawl::restore::questions
