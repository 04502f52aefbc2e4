#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "jobs/job.h"

namespace pawl::jobs {

class Jobs;

// How a child stands to what it depends on.
enum class Standing : uint8_t { waits, ready, never };
struct Verdict {
  Standing standing = Standing::ready;
  std::string reason = {};  // why never
};

// Of the children of one job. What all of them depend on is looked at once, so a verdict is what
// was true then; what each depends on for itself is looked at when it is asked for.
class Verdicts {
 public:
  Verdicts(const Jobs& jobs, const Job& job);
  Verdict of(int32_t index) const;

 private:
  const Job& job_;
  Verdict of_all_;
  std::vector<const Job*> paired_;  // N_TO_N
  bool is_sequential_ = false;
};

}  // namespace pawl::jobs
