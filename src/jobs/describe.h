#pragma once

#include "jobs/jobs.h"
#include "json/value.h"

namespace pawl::jobs {

// Jobs as DescribeJobs and ListJobs show them. REQUIRES: the target has a job.
json::Value described(const Target& target);
json::Value summary(const Target& target);

// "<job>", or "<job>:<index>" of a child.
std::string id_of(const Target& target);
Status status_of(const Target& target);
int64_t epoch_milliseconds(Instant instant);

// The stream of an attempt's output: "<job>/<index or "job">.<attempt>".
std::string log_stream(const Job& job, int32_t index, int32_t attempt);

// How many children have each status, as "statusSummary".
json::Value status_summary(const Job& job);
// A letter for each child, in their order: a job of 10,000 in 10,000 bytes. P pending, Q runnable,
// S starting, R running, D succeeded, F failed.
std::string status_letters(const Job& job);

// An environment as it is now: what is wanted of it is what is in use, within its bounds.
json::Value described(const Jobs& jobs, const Environment& environment);

}  // namespace pawl::jobs
