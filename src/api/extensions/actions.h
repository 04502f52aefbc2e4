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

// {jobId} → {jobId, jobName, status, reason, help?}: why a job, or a child "<id>:<index>", stands
// where it does, and what would help.
void explain_job(const Rooms&, const json::Value& input, const Answer&);

// {definition, job} → as SubmitJob answers: RegisterJobDefinition, and SubmitJob with what that has
// made. A job that is refused leaves no definition.
void submit_command(const Rooms&, const json::Value& input, const Answer&);

// {jobId} → {jobId, retried}: those children that have failed run again, and whatever failed only
// because they did.
void retry_failed_job(const Rooms&, const json::Value& input, const Answer&);

// {logStreamName, position?, limit?} → {text, position, isAtEnd}: of what an attempt wrote, from
// that byte on; `position` is where the next page begins.
void get_job_log(const Rooms&, const json::Value& input, const Answer&);

// {jobs: [id]} → {jobs: [{jobId, jobName, status, statusReason?, createdAt, …, letters}]}: each
// child's status in a letter, see jobs::status_letters. Unknown ids are left out.
void draw_jobs(const Rooms&, const json::Value& input, const Answer&);

// {functionName, bytes?} → {functionName, log}: the end of what a function has said, whole lines.
void describe_function_log(const Rooms&, const json::Value& input, const Answer&);

}  // namespace pawl::api::extensions
