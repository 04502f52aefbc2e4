#pragma once

#include <span>
#include <string>
#include <string_view>

#include "api/shape.h"
#include "base/result.h"
#include "jobs/jobs.h"
#include "jobs/shown.h"
#include "json/value.h"

namespace pawl::api::batch {

// Whose jobs these are.
struct Place {
  std::string region, account;
  bool is_strict = false;  // what AWS refuses and this server could do is refused
  bool has_slurm = false;
  // "arn:aws:batch:<region>:<account>:<kind>/<name>"
  std::string arn(std::string_view kind, std::string_view name) const;
};

// What an action works on: on the thread of the jobs, with an input that has its shape.
struct Call {
  jobs::Jobs& jobs;
  Instant now;
  const json::Value& input;
  const Place& place;
  const std::string& fresh_id;    // a UUID nobody else has
  std::string client_token = {};  // see jobs::Specification; none of the API has one
};

// One operation. What it changes is durable before it is answered. Errors name the service's in
// their message's first word.
using Action = Result<json::Value> (*)(const Call& call);

struct Operation {
  std::string_view name;  // its path is /v1/<name in lower case>
  Action action;
  std::span<const Member> shape;
};
std::span<const Operation> operations();

// The actions and what they take; a folder's file for each.
Result<json::Value> submit_job(const Call& call);
Result<json::Value> describe_jobs(const Call& call);
Result<json::Value> list_jobs(const Call& call);
Result<json::Value> cancel_job(const Call& call);
Result<json::Value> terminate_job(const Call& call);
Result<json::Value> create_compute_environment(const Call& call);
Result<json::Value> update_compute_environment(const Call& call);
Result<json::Value> delete_compute_environment(const Call& call);
Result<json::Value> describe_compute_environments(const Call& call);
Result<json::Value> create_job_queue(const Call& call);
Result<json::Value> update_job_queue(const Call& call);
Result<json::Value> delete_job_queue(const Call& call);
Result<json::Value> describe_job_queues(const Call& call);
Result<json::Value> register_job_definition(const Call& call);
Result<json::Value> deregister_job_definition(const Call& call);
Result<json::Value> describe_job_definitions(const Call& call);
Result<json::Value> create_scheduling_policy(const Call& call);
Result<json::Value> update_scheduling_policy(const Call& call);
Result<json::Value> delete_scheduling_policy(const Call& call);
Result<json::Value> describe_scheduling_policies(const Call& call);
Result<json::Value> list_scheduling_policies(const Call& call);
Result<json::Value> list_tags_for_resource(const Call& call);
Result<json::Value> tag_resource(const Call& call);
Result<json::Value> untag_resource(const Call& call);

// What the request asks for cannot be.
using jobs::refused;
// The input as an action may read it: it has its shape, and what is null is left out. Error:
// ClientException, also where a member of it is not among those of the shape, unless it says
// nothing ("", [], {}, false, 0): what is not offered is refused by its name.
Result<json::Value> checked(const json::Value& input, std::span<const Member> members);

}  // namespace pawl::api::batch
