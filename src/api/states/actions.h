#pragma once

#include <span>

#include "api/action.h"

namespace pawl::api::states {

// The operations of AWS Step Functions that are offered (AWS Step Functions API Reference), one
// file each. Their input has its shape (shapes.h) already.
std::span<const ActionRow> actions();

void create_state_machine(const Rooms&, const json::Value& input, const Answer&);
void update_state_machine(const Rooms&, const json::Value& input, const Answer&);
void describe_state_machine(const Rooms&, const json::Value& input, const Answer&);
void describe_state_machine_for_execution(const Rooms&, const json::Value& input, const Answer&);
void list_state_machines(const Rooms&, const json::Value& input, const Answer&);
void delete_state_machine(const Rooms&, const json::Value& input, const Answer&);
void validate_state_machine_definition(const Rooms&, const json::Value& input, const Answer&);
void publish_state_machine_version(const Rooms&, const json::Value& input, const Answer&);
void list_state_machine_versions(const Rooms&, const json::Value& input, const Answer&);
void delete_state_machine_version(const Rooms&, const json::Value& input, const Answer&);
void create_state_machine_alias(const Rooms&, const json::Value& input, const Answer&);
void update_state_machine_alias(const Rooms&, const json::Value& input, const Answer&);
void describe_state_machine_alias(const Rooms&, const json::Value& input, const Answer&);
void list_state_machine_aliases(const Rooms&, const json::Value& input, const Answer&);
void delete_state_machine_alias(const Rooms&, const json::Value& input, const Answer&);
void start_execution(const Rooms&, const json::Value& input, const Answer&);
void start_sync_execution(const Rooms&, const json::Value& input, const Answer&);
void describe_execution(const Rooms&, const json::Value& input, const Answer&);
void list_executions(const Rooms&, const json::Value& input, const Answer&);
void stop_execution(const Rooms&, const json::Value& input, const Answer&);
void get_execution_history(const Rooms&, const json::Value& input, const Answer&);
void create_activity(const Rooms&, const json::Value& input, const Answer&);
void describe_activity(const Rooms&, const json::Value& input, const Answer&);
void list_activities(const Rooms&, const json::Value& input, const Answer&);
void delete_activity(const Rooms&, const json::Value& input, const Answer&);
void get_activity_task(const Rooms&, const json::Value& input, const Answer&);
void send_task_success(const Rooms&, const json::Value& input, const Answer&);
void send_task_failure(const Rooms&, const json::Value& input, const Answer&);
void send_task_heartbeat(const Rooms&, const json::Value& input, const Answer&);
void tag_resource(const Rooms&, const json::Value& input, const Answer&);
void untag_resource(const Rooms&, const json::Value& input, const Answer&);
void list_tags_for_resource(const Rooms&, const json::Value& input, const Answer&);
void list_map_runs(const Rooms&, const json::Value& input, const Answer&);
void describe_map_run(const Rooms&, const json::Value& input, const Answer&);
void update_map_run(const Rooms&, const json::Value& input, const Answer&);

// The same for Express executions too, which the service forgets and this server keeps.
void describe_any_execution(const Rooms&, const json::Value& input, const Answer&);
void list_any_executions(const Rooms&, const json::Value& input, const Answer&);
void stop_any_execution(const Rooms&, const json::Value& input, const Answer&);
void get_any_execution_history(const Rooms&, const json::Value& input, const Answer&);

}  // namespace pawl::api::states
