#pragma once

#include <span>

#include "api/action.h"

namespace pawl::api::states {

// The operations of AWS Step Functions that are offered (AWS Step Functions API Reference), one
// file each.
std::span<const ActionRow> actions();

void create_state_machine(const Rooms&, const json::Value& input, const Answer&);
void update_state_machine(const Rooms&, const json::Value& input, const Answer&);
void describe_state_machine(const Rooms&, const json::Value& input, const Answer&);
void describe_state_machine_for_execution(const Rooms&, const json::Value& input, const Answer&);
void list_state_machines(const Rooms&, const json::Value& input, const Answer&);
void delete_state_machine(const Rooms&, const json::Value& input, const Answer&);
void validate_state_machine_definition(const Rooms&, const json::Value& input, const Answer&);
void start_execution(const Rooms&, const json::Value& input, const Answer&);
void describe_execution(const Rooms&, const json::Value& input, const Answer&);
void list_executions(const Rooms&, const json::Value& input, const Answer&);
void stop_execution(const Rooms&, const json::Value& input, const Answer&);
void get_execution_history(const Rooms&, const json::Value& input, const Answer&);

}  // namespace pawl::api::states
