#include "api/extensions/actions.h"

#include "api/scheduler/call.h"
#include "api/states/actions.h"

namespace pawl::api::extensions {

std::span<const ActionRow> actions() {
  static constexpr ActionRow rows[] = {
      {"DescribeActivities", describe_activities},
      {"DescribeFunctionLog", describe_function_log},
      {"ExplainJob", explain_job},
      {"SubmitCommand", submit_command},
      {"RetryFailedJob", retry_failed_job},
      {"GetJobLog", get_job_log},
      {"DrawJobs", draw_jobs},
      {"DescribeExecution", states::describe_any_execution},
      {"ListExecutions", states::list_any_executions},
      {"StopExecution", states::stop_any_execution},
      {"GetExecutionHistory", states::get_any_execution_history},
      {"CreateSchedule", scheduler::action<scheduler::create_schedule>},
      {"DeleteSchedule", scheduler::action<scheduler::delete_schedule>},
      {"ListSchedules", scheduler::action<scheduler::show_schedules>},
      {"DescribeSchedule", scheduler::action<scheduler::describe_schedule>},
      {"SetScheduleState", scheduler::action<scheduler::set_schedule_state>},
      {"RunSchedule", scheduler::run_schedule},
  };
  return rows;
}

}  // namespace pawl::api::extensions
