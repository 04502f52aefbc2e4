#pragma once

#include <string>
#include <string_view>

#include "asl/failure.h"
#include "base/time.h"

namespace pawl::restore::batch {

// What went wrong in the execution that a task started: the cause of a failed startExecution.sync
// is the child's description, in which Error and Cause are what the child itself failed with. Any
// other failure is its own reason.
struct Reason {
  asl::Failure failure;
  std::string status;  // of the child: FAILED, TIMED_OUT, ABORTED; empty where there was none
};
Reason reason_of(const asl::Failure& failure);

// Whether trying the whole restore again may work.
bool is_transient(const Reason& reason);

// How long to wait after the attempt (1 is the first) before the next: `first`, doubled each time
// up to a minute, with up to a quarter taken off. What is taken off depends on `name` only, so that
// a question asked again after a crash has the same answer, and items that failed together do not
// come back together.
Duration backoff(Duration first, int64_t attempt, std::string_view name);

}  // namespace pawl::restore::batch
