#pragma once

#include "base/result.h"
#include "json/value.h"

namespace pawl::jobs {

// A definition's containerProperties with a job's containerOverrides (or null): those replace the
// command, variables and requirements are merged by name. In each word of the command "Ref::name"
// gives way to the parameter of that name, if there is one. The older members vcpus and memory
// become resourceRequirements. Errors: ClientException.
struct Overriding {
  json::Value overrides, parameters;
};
Result<json::Value> container_of(const json::Value& properties, const Overriding& overriding);

}  // namespace pawl::jobs
