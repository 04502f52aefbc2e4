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
      {"StartExecution", start_execution},
      {"DescribeExecution", describe_execution},
      {"ListExecutions", list_executions},
      {"StopExecution", stop_execution},
      {"GetExecutionHistory", get_execution_history},
  };
  return rows;
}

}  // namespace pawl::api::states
