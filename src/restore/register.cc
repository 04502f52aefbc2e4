#include "restore/register.h"

#include "restore/steps/conclude.h"
#include "restore/steps/steps.h"

namespace pawl::restore {

void register_functions(functions::Registry& registry, Services& services) {
  // Steps that wait or read everything take as long as the data are large.
  constexpr Duration long_limit = hours(24);
  constexpr Duration short_limit = seconds(900);
  const StepForm forms[] = {
      {"snapshot-check", "Finds the snapshot of a date and begins the operation.", "copy_snapshot",
       short_limit, steps::snapshot_check},
      {"copy-snapshot", "Begins to copy the snapshot to the target region.", "check_copy_status",
       short_limit, steps::copy_snapshot},
      {"check-copy-status", "Waits for the copy.", "prepare_target", long_limit,
       steps::check_copy_status},
      {"prepare-target", "Takes the target's lock and checks that there is room.",
       "restore_snapshot", short_limit, steps::prepare_target},
      {"restore-snapshot", "Begins to restore beside what serves.", "check_restore_status",
       long_limit, steps::restore_snapshot},
      {"check-restore-status", "Waits until the new server answers.", "setup_db_users", long_limit,
       steps::check_restore_status},
      {"setup-db-users", "Sets up the users of the secrets file.", "verify_restore", long_limit,
       steps::setup_db_users},
      {"verify-restore", "Compares the new server with the snapshot.", "swap_cluster", long_limit,
       steps::verify_restore},
      {"swap-cluster", "Lets the endpoint lead to the new server.", "archive_snapshot", short_limit,
       steps::swap_cluster},
      {"archive-snapshot", "Moves the snapshot's copy into the compressed tier.",
       "sns_notification", long_limit, steps::archive_snapshot, StepForm::Stage::afterwards},
      {"cleanup", "Removes what the switches say.", "", short_limit, steps::cleanup,
       StepForm::Stage::afterwards},
      {"record-failure", "Ends a failed operation; the old server goes on serving.",
       "sns_notification", short_limit, steps::record_failure, StepForm::Stage::afterwards},
  };
  for (const StepForm& form : forms) registry.add(make_step(services, form));
  registry.add(steps::conclude());
}

}  // namespace pawl::restore
