#include "cli/verbs.h"

namespace pawl::cli {

std::vector<VerbRow> client_verbs() {
  return {
      {"validate", "check definitions of machines in files", validate},
      {"machine create", "create a machine from a definition", machine_create},
      {"machine update", "give a machine a new definition", machine_update},
      {"machine delete", "delete a machine", machine_delete},
      {"machine list", "list the machines", machine_list},
      {"machine show", "show a machine and its definition", machine_show},
      {"machine validate", "check definitions of machines in files", validate},
      {"execution start", "start an execution of a machine", execution_start},
      {"execution list", "list executions, newest first", execution_list},
      {"execution show", "show an execution and what it is doing", execution_show},
      {"execution watch", "watch an execution, or all of them, live", execution_watch},
      {"execution stop", "stop an execution", execution_stop},
      {"execution redrive", "begin executions again where they failed, one or many",
       execution_redrive},
      {"execution history", "show the events of an execution", execution_history},
      {"restore plan", "show what a restore would do, touching nothing", restore_plan},
      {"restore run", "restore databases from their snapshots", restore_run},
      {"restore list", "list the restores, newest first", restore_list},
      {"restore report", "show what a restore or a batch of them has done", restore_report},
      {"restore rollback", "go back to the database that a restore replaced", restore_rollback},
      {"restore stop", "shut a restored database down until it is started", restore_stop},
      {"restore start", "start a restored database that was shut down", restore_start},
      {"restore remove", "remove a restored database", restore_remove},
      {"snapshot take", "take a snapshot of a database", snapshot_take},
      {"snapshot list", "list the snapshots", snapshot_list},
      {"snapshot delete", "delete a snapshot", snapshot_delete},
      {"batch list", "list jobs, newest first", batch_list_jobs},
      {"batch show", "show a job, or a child of an array", batch_show},
      {"batch submit", "submit a job or an array of them", batch_submit},
      {"batch watch", "watch jobs live, each child a cell of a map", batch_watch},
      {"batch why", "say why a job waits or has failed, and what would help", batch_why},
      {"batch logs", "show what an attempt of a job has written", batch_logs},
      {"batch retry", "run the children of a job again that have failed", batch_retry},
      {"batch cancel", "cancel jobs that have not started", batch_cancel},
      {"batch terminate", "stop jobs, those that run as well", batch_terminate},
      {"queue create", "make a job queue and where its jobs run", queue_create},
      {"queue list", "list the job queues", queue_list},
      {"queue show", "show a job queue and its compute environments", queue_show},
      {"eval", "evaluate JSONata, one JSON request for each line of standard input", eval},
      {"env", "print the environment that leads AWS tools to the server", env},
      {"version", "print the version", version},
  };
}

}  // namespace pawl::cli
