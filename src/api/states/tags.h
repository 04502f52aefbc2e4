#pragma once

#include <vector>

#include "base/result.h"
#include "json/value.h"
#include "store/store.h"

namespace pawl::api::states {

// The tags of a request: a list of {key, value}. Error: a key that only the service may
// give, or characters that no tag may have.
Result<std::vector<store::Tag>> tags_of(const json::Value& input);
// Machines and activities have tags, versions and aliases have none. Error: InvalidArn.
Result<std::string> tagged_arn_of(const json::Value& input);

}  // namespace pawl::api::states
