#include "api/states/actions.h"

namespace pawl::api::states {

std::span<const ActionRow> actions() {
  static constexpr ActionRow rows[] = {
      {"CreateStateMachine", create_state_machine},
      {"UpdateStateMachine", update_state_machine},
      {"DescribeStateMachine", describe_state_machine},
      {"DescribeStateMachineForExecution", describe_state_machine_for_execution},
      {"ListStateMachines", list_state_machines},
      {"DeleteStateMachine", delete_state_machine},
      {"ValidateStateMachineDefinition", validate_state_machine_definition},
      {"TestState", test_state, true},
      {"PublishStateMachineVersion", publish_state_machine_version},
      {"ListStateMachineVersions", list_state_machine_versions},
      {"DeleteStateMachineVersion", delete_state_machine_version},
      {"CreateStateMachineAlias", create_state_machine_alias},
      {"UpdateStateMachineAlias", update_state_machine_alias},
      {"DescribeStateMachineAlias", describe_state_machine_alias},
      {"ListStateMachineAliases", list_state_machine_aliases},
      {"DeleteStateMachineAlias", delete_state_machine_alias},
      {"StartExecution", start_execution},
      {"StartSyncExecution", start_sync_execution},
      {"DescribeExecution", describe_execution},
      {"ListExecutions", list_executions},
      {"StopExecution", stop_execution},
      {"RedriveExecution", redrive_execution},
      {"GetExecutionHistory", get_execution_history},
      {"CreateActivity", create_activity},
      {"DescribeActivity", describe_activity},
      {"ListActivities", list_activities},
      {"DeleteActivity", delete_activity},
      {"GetActivityTask", get_activity_task},
      {"SendTaskSuccess", send_task_success},
      {"SendTaskFailure", send_task_failure},
      {"SendTaskHeartbeat", send_task_heartbeat},
      {"TagResource", tag_resource},
      {"UntagResource", untag_resource},
      {"ListTagsForResource", list_tags_for_resource},
      {"ListMapRuns", list_map_runs},
      {"DescribeMapRun", describe_map_run},
      {"UpdateMapRun", update_map_run},
  };
  return rows;
}

}  // namespace pawl::api::states
