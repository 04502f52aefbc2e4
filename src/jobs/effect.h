#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace pawl::jobs {

// What must be done once that is durable.
struct StartChildren {
  int64_t job = 0;
  std::string environment;       // ARN
  std::vector<int32_t> indexes;  // ascending
  int32_t attempt = 0;
  std::string after_job_id;  // see executors::Batch
};
struct StopChild {
  int64_t job = 0;
  int32_t index = 0;
  int32_t attempt = 0;
};
struct SettleChild {
  int64_t job = 0;
  int32_t index = 0;
  int32_t attempt = 0;
  std::string environment;  // of this attempt: the next one may be in another
};
struct JobEnded {
  int64_t job = 0;
};
using Effect = std::variant<StartChildren, StopChild, SettleChild, JobEnded>;

}  // namespace pawl::jobs
