#pragma once

#include <string>

namespace pawl::restore::questions {

// Whether files of one directory can share blocks with those of the other (FICLONE). Tried with two
// files that never get a name, so that whoever looks at the directories sees nothing of it.
bool may_share_blocks(const std::string& source, const std::string& target);

}  // namespace pawl::restore::questions
