#include "cli/arrays/site.h"

#include <algorithm>

#include "base/text.h"
#include "cli/batch/jobs.h"

namespace pawl::cli {
namespace {

using json::Value;

constexpr const char* environment_name = "pawl-arrays";
constexpr const char* steps[] = {"procure", "process", "egress"};

Value row(const char* kind, const std::string& name, const char* change) {
  return Value::object({{"kind", kind}, {"name", name}, {"change", change}});
}

// The first element of that list in the answer; null where there is none.
Value first_of(const Value& answer, const char* list) {
  const Value found = answer[list];
  return found.is_array() && found.size() > 0 ? found.elements()[0] : Value();
}

// Whether every member of `wanted` is there and equal, members of members included.
bool has(const Value& found, const Value& wanted) {
  if (wanted.is_object()) {
    for (const auto& [name, value] : wanted.members())
      if (!has(found[name], value)) return false;
    return found.is_object();
  }
  if (!wanted.is_array()) return found == wanted;
  if (!found.is_array() || found.size() != wanted.size()) return false;
  for (size_t at = 0; at < wanted.size(); ++at)
    if (!has(found.elements()[at], wanted.elements()[at])) return false;
  return true;
}

Result<Value> find_environment(const Client& client) {
  const Value names = Value::array({environment_name});
  return first_of(TRY(client.batch("DescribeComputeEnvironments",
                                   Value::object({{"computeEnvironments", names}}))),
                  "computeEnvironments");
}

Result<Value> find_queue(const Client& client, const std::string& name) {
  return first_of(
      TRY(client.batch("DescribeJobQueues", Value::object({{"jobQueues", Value::array({name})}}))),
      "jobQueues");
}

// One for all steps, then one for each.
std::vector<std::string> queue_names() {
  std::vector<std::string> names = {environment_name};
  for (const char* step : steps) names.push_back(concat("pawl-arrays-", step));
  return names;
}

// Its active revisions.
Result<std::vector<Value>> find_definitions(const Client& client, const std::string& name) {
  return batch_list(client, "DescribeJobDefinitions",
                    Value::object({{"jobDefinitionName", name}, {"status", "ACTIVE"}}));
}

Result<Value> prepare_environment(const Client& client, const ArraySite& site) {
  const Value found = TRY(find_environment(client));
  if (found.is_null()) {
    TRY(client.batch(
        "CreateComputeEnvironment",
        Value::object(
            {{"computeEnvironmentName", environment_name},
             {"type", "MANAGED"},
             {"computeResources", Value::object({{"type", "EC2"},
                                                 {"minvCpus", 0},
                                                 {"maxvCpus", site.vcpus.value_or(site.processors)},
                                                 {"subnets", Value::array()}})},
             {"tags", Value::object({{"pawl:executor", site.executor}})}})));
    return row("environment", environment_name, "created");
  }
  // One that a removal has left half way is disabled.
  Value wanted = Value::object({{"state", "ENABLED"}});
  if (site.vcpus)
    wanted = wanted.with("computeResources", Value::object({{"maxvCpus", *site.vcpus}}));
  if (has(found, wanted)) return row("environment", environment_name, "unchanged");
  TRY(client.batch("UpdateComputeEnvironment",
                   wanted.with("computeEnvironment", environment_name)));
  return row("environment", environment_name, "changed");
}

Result<Value> prepare_queue(const Client& client, const std::string& name, int64_t priority) {
  const Value found = TRY(find_queue(client, name));
  const Value wanted = Value::object({{"state", "ENABLED"}, {"priority", priority}});
  if (has(found, wanted)) return row("queue", name, "unchanged");
  if (!found.is_null()) {
    TRY(client.batch("UpdateJobQueue", wanted.with("jobQueue", name)));
    return row("queue", name, "changed");
  }
  const Value order =
      Value::array({Value::object({{"order", 1}, {"computeEnvironment", environment_name}})});
  TRY(client.batch("CreateJobQueue", Value::object({{"jobQueueName", name},
                                                    {"priority", priority},
                                                    {"computeEnvironmentOrder", order}})));
  return row("queue", name, "created");
}

// The exit statuses of pawl-worker: what is wrong for good is not tried again, all else is.
Value retry_strategy() {
  const auto rule = [](const char* condition, const char* value, const char* action) {
    return Value::object({{condition, value}, {"action", action}});
  };
  return Value::object({{"attempts", 3},
                        {"evaluateOnExit", Value::array({rule("onExitCode", "64", "EXIT"),
                                                         rule("onExitCode", "65", "EXIT"),
                                                         rule("onReason", "*", "RETRY")})}});
}

Result<Value> prepare_definition(const Client& client, const std::string& step,
                                 const std::string& worker) {
  const std::string name = "pawl-arrays-" + step;
  const auto required = [](const char* type, const char* value) {
    return Value::object({{"type", type}, {"value", value}});
  };
  const Value wanted = Value::object(
      {{"containerProperties",
        Value::object({{"image", "host"},
                       {"command", Value::array({worker, step})},
                       {"resourceRequirements",
                        Value::array({required("VCPU", "1"), required("MEMORY", "256")})}})},
       {"retryStrategy", retry_strategy()},
       {"timeout", Value::object({{"attemptDurationSeconds", 900}})}});
  Value newest;
  for (const Value& each : TRY(find_definitions(client, name)))
    if (each.integer_at("revision") > newest.integer_at("revision")) newest = each;
  if (!newest.is_null() && has(newest, wanted)) return row("definition", name, "unchanged");
  TRY(client.batch("RegisterJobDefinition",
                   wanted.with("jobDefinitionName", name).with("type", "container")));
  return row("definition", name, newest.is_null() ? "created" : "changed");
}

// Both a queue and an environment are disabled before they are deleted.
Result<void> remove_part(const Client& client, const Value& part) {
  const std::string name = plain(part["name"]);
  if (part["kind"] == "definition") {
    TRY(client.batch("DeregisterJobDefinition", Value::object({{"jobDefinition", name}})));
    return {};
  }
  const bool is_queue = part["kind"] == "queue";
  const Value named = Value::object({{is_queue ? "jobQueue" : "computeEnvironment", name}});
  const std::string what = is_queue ? "JobQueue" : "ComputeEnvironment";
  TRY(client.batch(concat("Update", what), named.with("state", "DISABLED")));
  TRY(client.batch(concat("Delete", what), named));
  return {};
}

}  // namespace

Result<std::string> site_executor(const Client& client) {
  const Value found = TRY(find_environment(client));
  if (found.is_null()) return std::string();
  return found["tags"].string_at("pawl:executor").value_or("local");
}

Result<std::vector<Value>> prepare_site(const Client& client, const ArraySite& site) {
  std::vector<Value> rows;
  rows.push_back(TRY(prepare_environment(client, site)));
  // A later step goes first: a node that has begun is brought to its end, and what it has written
  // is read while it is still in memory.
  int64_t priority = 1;
  for (const std::string& name : queue_names())
    rows.push_back(TRY(prepare_queue(client, name, priority++)));
  for (const char* step : steps) rows.push_back(TRY(prepare_definition(client, step, site.worker)));
  return rows;
}

Result<std::vector<Value>> find_site(const Client& client) {
  std::vector<Value> rows;
  const auto add = [&rows](const char* kind, const std::string& name) {
    rows.push_back(Value::object({{"kind", kind}, {"name", name}}));
  };
  for (const std::string& name : queue_names())
    if (!TRY(find_queue(client, name)).is_null()) add("queue", name);
  if (!TRY(find_environment(client)).is_null()) add("environment", environment_name);
  for (const char* step : steps) {
    const std::string name = concat("pawl-arrays-", step);
    for (const Value& each : TRY(find_definitions(client, name)))
      add("definition", concat(name, ":", each.integer_at("revision").value_or(0)));
  }
  return rows;
}

Result<void> remove_site(const Client& client, const std::vector<Value>& rows) {
  for (const Value& row : rows) TRY(remove_part(client, row));
  return {};
}

Result<std::vector<std::string>> other_queues(const Client& client) {
  const auto own = queue_names();
  std::vector<std::string> others;
  for (const Value& queue : TRY(job_queues(client, ""))) {
    const std::string name = plain(queue["jobQueueName"]);
    if (std::ranges::find(own, name) != own.end()) continue;
    for (const Value& place : queue["computeEnvironmentOrder"].elements())
      if (resource_of(place["computeEnvironment"]) == environment_name) others.push_back(name);
  }
  return others;
}

Result<std::vector<std::string>> open_jobs(const Client& client) {
  std::vector<std::string> open;
  for (const std::string& name : queue_names()) {
    if (TRY(find_queue(client, name)).is_null()) continue;
    for (const char* status : {"SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING"})
      for (const Value& job : TRY(batch_list(
               client, "ListJobs", Value::object({{"jobQueue", name}, {"jobStatus", status}}))))
        open.push_back(concat("job ", plain(job["jobName"]), " (", plain(job["jobId"]), ")"));
  }
  return open;
}

}  // namespace pawl::cli
