#pragma once

#include "engine/engine.h"
#include "json/value.h"
#include "store/store.h"

namespace pawl::api::states {

// The request to start one. Error: InvalidArn, InvalidExecutionInput.
Result<engine::NewExecution> read_execution(const json::Value& input);

// What all descriptions of an execution begin with: its ARN, machine, version, alias, name, status
// and dates.
json::Value::Object described(const store::Execution& execution);
// Of a child of a map run: the run.
void add_map_run(json::Value::Object& members, std::string_view execution_arn);
// Its input, and how it ended; without data these are left out.
void add_data(json::Value::Object& members, const store::Execution& execution, bool with_data);

}  // namespace pawl::api::states
