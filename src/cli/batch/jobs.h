#pragma once

#include <string>
#include <vector>

#include "cli/verb.h"

namespace pawl::cli {

// What AWS Batch takes as a name, in the words of who types it. Error: invalid_argument.
Result<void> check_name(std::string_view what, std::string_view name);

// A job as people name it: its id, "ID:INDEX" of a child, an ARN, or the name of the newest job
// that has it ("NAME", "NAME:INDEX"). Error: not_found.
Result<std::string> job_id(const Client& client, const std::string& named);

// The same where a child cannot be meant: what is wanted is the array. Error: also
// invalid_argument.
Result<std::string> whole_job_id(const Client& client, const std::string& named);

// As DescribeJobs shows it, by such a name. Error: not_found.
Result<json::Value> described_job(const Client& client, const std::string& named);

// All pages of an operation of AWS Batch; at most so many elements where `most` is not 0.
Result<std::vector<json::Value>> batch_list(const Client& client, std::string_view operation,
                                            json::Value input, size_t most = 0);

// The queues, as the service describes them; the one of that name where one is named.
Result<std::vector<json::Value>> job_queues(const Client& client, const std::string& name);

// Moments of AWS Batch, milliseconds since 1970, as RFC 3339.
json::Value with_batch_moments(const json::Value& answer);
std::optional<Instant> batch_moment(const json::Value& job, std::string_view member);

// "q" of "arn:aws:batch:…:job-queue/q".
std::string resource_of(const json::Value& arn);

// "490 of 500 succeeded, 10 failed", and what else is not zero.
std::string counts_text(const json::Value& status_summary, int64_t size);

}  // namespace pawl::cli
