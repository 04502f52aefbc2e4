#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "execution/execution.h"
#include "trials/coverage.h"
#include "trials/mocks.h"

namespace pawl::trials {

enum class Verdict {
  passed,
  failed,  // it ended, but not as it should
  broken,  // it could not go on: a task has no mock, or it does not come to an end
};
std::string_view name(Verdict verdict);

// One case that was run.
struct Trial {
  std::string machine, name;
  Verdict verdict = Verdict::broken;
  std::vector<std::string> reasons;  // why it has not passed
  execution::Status status = execution::Status::running;
  json::Value output;
  std::string error, cause;
  Duration duration{};               // of the virtual clock
  std::vector<std::string> path;     // the states it entered, "Each[0]/Copy"
  std::set<std::string> used;        // locations of the answers that were given
  std::vector<std::string> unasked;  // states that are mocked and never called their task
};

struct Subject {
  const std::string& name;  // of the machine
  const asl::Machine& machine;
  const Mocks& mocks;
  json::Value input;  // of cases that have none of their own
};

// Runs the case on a virtual clock, which begins at virtual_start and jumps from one moment at
// which something happens to the next: no wait takes any time. The same case gives the same trial.
Trial run_case(const Subject& subject, const Case& test, Coverage& coverage);

// What of the file none of the trials has used.
std::vector<Finding> unused(const Mocks& mocks, const std::vector<Trial>& trials);

constexpr Instant virtual_start{seconds(1'767'225'600)};  // 2026-01-01T00:00:00Z
// As long as the service lets an execution run.
constexpr Duration duration_max = hours(24 * 365);
constexpr size_t steps_max = 250'000;

}  // namespace pawl::trials
