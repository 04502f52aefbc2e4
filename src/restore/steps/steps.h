#pragma once

#include "restore/steps/frame.h"

// The steps of a restore, one file each, and what several of them need.
namespace pawl::restore::steps {

Result<Done> snapshot_check(Step& step);
Result<Done> copy_snapshot(Step& step);
Result<Done> check_copy_status(Step& step);
Result<Done> prepare_target(Step& step);
Result<Done> restore_snapshot(Step& step);
Result<Done> check_restore_status(Step& step);
Result<Done> setup_db_users(Step& step);
Result<Done> verify_restore(Step& step);
Result<Done> swap_cluster(Step& step);
Result<Done> archive_snapshot(Step& step);
Result<Done> cleanup(Step& step);
Result<Done> record_failure(Step& step);

// The state as it is now, where the operation has begun; begins it where it has not, so that each
// step can be called on its own.
Result<json::Value> begin_operation(Step& step, const Snapshot& snapshot);
// The operation's snapshot: in the source region, or its copy where the source has it no more.
Result<Snapshot> snapshot_of(Step& step);
// The target's lock is this operation's; a dead holder's is taken over.
Result<void> take_target(Step& step);
// Removes what dead runs left of the target, and what it was served by before that cannot be led
// back to any more. REQUIRES: the target's lock.
Result<void> remove_left_overs(Step& step);
// Waits until the snapshot is in the target region. Error: timed_out where patience ends first.
Result<void> wait_for_copy(Step& step, const Snapshot& snapshot);
// Waits until the operation's server answers.
Result<void> wait_for_restore(Step& step);
bool is_serving(const Step& step);
// The operation came to serve, and does so no more: another has taken its place, or it was rolled
// back or removed.
bool has_had_its_time(const Step& step);
bool is_copy_at_target(const Step& step);
// Ends an operation that has not come to serve: no instance of its own, no lock. `end` has the
// members of its state that say how and why.
Result<json::Value> end_operation(Services& services, const json::Value& state,
                                  const json::Value& end);

}  // namespace pawl::restore::steps
