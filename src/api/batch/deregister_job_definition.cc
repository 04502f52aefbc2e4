#include "api/batch/call.h"
#include "base/text.h"

namespace pawl::api::batch {

// "The name and revision (name:revision) or full ARN." It stays to be looked at.
Result<json::Value> deregister_job_definition(const Call& call) {
  const std::string name = call.input.string_at("jobDefinition").value_or("");
  const std::string_view last = std::string_view(name).substr(name.rfind('/') + 1);
  const jobs::Definition* definition = call.jobs.definition(name);
  if (definition == nullptr || last.find(':') == last.npos)
    return refused(concat("job definition ", name, " does not exist: name it as NAME:REVISION"));
  TRY(call.jobs.put(jobs::ResourceKind::definition, definition->shown.with("status", "INACTIVE")));
  return json::Value::object();
}

}  // namespace pawl::api::batch
