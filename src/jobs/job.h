#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "jobs/status.h"
#include "json/value.h"

namespace pawl::jobs {

// "Job dependencies" and "Array jobs" in the AWS Batch user guide.
struct Dependency {
  enum class Kind : uint8_t { plain, n_to_n, sequential };
  Kind kind = Kind::plain;
  std::string job_id;            // empty where each child waits for the one before it
  std::optional<int32_t> index;  // one child of that array
};

// "Automated job retries": the first condition that fits decides; where none does, it is tried
// again.
struct ExitRule {
  std::string on_status_reason, on_reason, on_exit_code;  // may end with *; empty: any
  bool retries = false;
};
struct RetryStrategy {
  int32_t attempts = 1;
  std::vector<ExitRule> rules;
};

// A job as it was submitted and resolved against its definition; read out of `shown`, which is what
// DescribeJobs begins with.
struct Specification {
  explicit Specification(json::Value shown);
  json::Value shown;
  std::string id, arn, name, queue_arn, definition_arn;
  int32_t size = 0;  // of an array; 0: it is none
  std::vector<Dependency> dependencies;
  std::vector<std::string> command;
  std::vector<std::string> environment;  // NAME=value
  double vcpus = 1;
  int64_t memory_mib = 0;
  RetryStrategy retry;
  std::optional<Duration> time_limit;  // of an attempt
  std::string share;
  int64_t scheduling_priority = 0;
  std::string client_token;  // submitted again under the same: the same job. Empty: none
  Instant created;
};

struct AttemptEnd {
  int32_t number = 0;
  std::optional<Instant> started;
  Instant stopped;
  std::optional<int32_t> exit_code;  // none: it is not known, or it never ran
  std::string reason;                // of the container
  std::string status_reason;
};

enum class Failing : uint8_t { none, by_itself, dependency, cancelled, terminated, timed_out };

// A child of an array; a job that is no array has one.
struct Child {
  Status status = Status::pending;
  Failing failing = Failing::none;  // what it has failed of, or is being stopped for
  bool is_handed = false;           // to an executor, and not heard of its end
  int32_t attempt = 0;              // the number of the one that is handed, or was the last
  int32_t attempts_before = 0;      // those that a retry by hand has made up for
  Instant since;                    // it has its status
  std::string environment;          // ARN, of the attempt
  std::optional<Instant> started, stopped;
  std::string reason;
  std::vector<AttemptEnd> ended;
};

struct Job {
  Job(int64_t number, Specification specification);
  bool is_array() const { return specification.size > 0; }
  int32_t count(Status status) const { return counts[static_cast<size_t>(status)]; }

  const int64_t number;  // ascending
  const Specification specification;
  Status status = Status::pending;
  std::string reason;
  bool is_cancelled = false, is_terminated = false;
  std::string cancelled_because;
  std::optional<Instant> started, stopped;
  std::vector<Child> children;
  std::array<int32_t, status_count> counts{};  // of children
  std::vector<int64_t> dependants;             // numbers of jobs
  double seconds_of_attempt = 0;               // the mean of late; 0: none has ended
};

}  // namespace pawl::jobs
