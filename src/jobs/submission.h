#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "jobs/jobs.h"
#include "json/value.h"

namespace pawl::jobs {

// Who submits, and as what.
struct Submitter {
  std::string id;  // of the job: a UUID
  std::string account, region;
  std::string client_token = {};  // see Specification
};

// A job as SubmitJob's members describe it (AWS Batch API reference), resolved against its
// definition: the JSON that Jobs::submit takes. Overrides replace what the definition says;
// environment variables are merged by name; "Ref::name" in the command is replaced by the
// parameter. Errors: ClientException.
Result<json::Value> resolve(const Jobs& jobs, const json::Value& request,
                            const Submitter& submitter, Instant now);

// With what is not said filled in. Error: ClientException.
Result<json::Value> retry_strategy(const json::Value& given);

}  // namespace pawl::jobs
