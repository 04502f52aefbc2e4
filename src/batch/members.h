#pragma once

#include "json/value.h"

namespace pawl::batch {

// The members' names as an API has them (jobName) and as tasks of state machines have them
// (JobName). What users name themselves stays as it is: parameters, tags.
json::Value as_in_api(const json::Value& value);
json::Value as_in_tasks(const json::Value& value);

}  // namespace pawl::batch
