#pragma once

#include <string>
#include <string_view>

#include "jobs/why.h"

// Of what has failed: why, and what would help. And the words that whatever waits is told of with,
// too.
namespace pawl::jobs {

Why why_failed(const Jobs& jobs, const Job& job, int32_t index);
// What failed by itself first, with counts.
Why why_failed_array(const Jobs& jobs, const Job& job);
// Of a failed child, down the line of what it depends on: the one that failed by itself. It may be
// the child.
Target root_of_failure(const Jobs& jobs, const Job& job, int32_t index);
// The command that runs it again, and all that failed for it: "`pawl batch retry … --failed`".
std::string retry_command(const Target& failed);

const Child& child_at(const Job& job, int32_t index);
Target place(const Job& job, int32_t index);
// "1 child", "2 children".
std::string counted(int64_t count, std::string_view noun);
// "exit code 3, because"
std::string exit_of(const AttemptEnd& end);
// "attempt 1 of 3"
std::string attempts_of(const Job& job, const Child& child);

}  // namespace pawl::jobs
