#pragma once

#include <span>

#include "api/action.h"

namespace pawl::api::extensions {

// What the AWS services have no operation for, in the same protocol, with X-Amz-Target "Pawl.<…>".
// DescribeExecution, ListExecutions, StopExecution and GetExecutionHistory are those of Step
// Functions, for Express executions too.
std::span<const ActionRow> actions();

// {executionArn} → {activities: [{state, type, iteration, since, attempt, due?, resource?,
// progress?: {done, total, unit, note}, childExecutionArn?}]}: what an open execution does now.
void describe_activities(const Rooms&, const json::Value& input, const Answer&);

}  // namespace pawl::api::extensions
