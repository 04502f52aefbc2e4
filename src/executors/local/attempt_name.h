#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "executors/executor.h"

namespace pawl::executors {

// How an attempt is written, in the journal and as a key: "<job>#<number>", of a child
// "<job>:<index>#<number>".
std::string to_name(const Attempt& attempt);
// Nothing where the text is not such a name.
std::optional<Attempt> parse_name(std::string_view name);
// Letters, digits and hyphens, as a UUID has: what may stand in a name.
bool is_job_id(std::string_view text);

// AWS_BATCH_JOB_ID of the attempt: "<job>", of a child "<job>:<index>".
std::string child_id(const Attempt& attempt);

}  // namespace pawl::executors
