#include "api/extensions/actions.h"

#include "api/states/actions.h"

namespace pawl::api::extensions {

std::span<const ActionRow> actions() {
  static constexpr ActionRow rows[] = {
      {"DescribeActivities", describe_activities},
      {"ExplainJob", explain_job},
      {"RetryFailedJob", retry_failed_job},
      {"GetJobLog", get_job_log},
      {"DrawJobs", draw_jobs},
      {"DescribeExecution", states::describe_any_execution},
      {"ListExecutions", states::list_any_executions},
      {"StopExecution", states::stop_any_execution},
      {"GetExecutionHistory", states::get_any_execution_history},
  };
  return rows;
}

}  // namespace pawl::api::extensions
