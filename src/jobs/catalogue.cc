#include <algorithm>

#include "base/text.h"
#include "jobs/jobs.h"
#include "jobs/shown.h"

namespace pawl::jobs {
namespace {

template <typename Resource>
const Resource* by_name_or_arn(const std::map<std::string, Resource, std::less<>>& resources,
                               std::string_view name_or_arn) {
  if (const auto found = resources.find(name_or_arn); found != resources.end())
    return &found->second;
  for (const auto& [arn, resource] : resources)
    if (resource.name == name_or_arn) return &resource;
  return nullptr;
}

template <typename Resource>
void put_into(std::map<std::string, Resource, std::less<>>& resources, json::Value shown) {
  Resource resource(std::move(shown));
  std::string arn = resource.arn;
  resources.insert_or_assign(std::move(arn), std::move(resource));
}

}  // namespace

void Jobs::keep(ResourceKind kind, json::Value shown) {
  switch (kind) {
    case ResourceKind::environment:
      return put_into(environments_, std::move(shown));
    case ResourceKind::queue:
      return put_into(queues_, std::move(shown));
    case ResourceKind::policy:
      return put_into(policies_, std::move(shown));
    case ResourceKind::definition:
      return put_into(definitions_, std::move(shown));
  }
}

void Jobs::erase(ResourceKind kind, const std::string& arn) {
  switch (kind) {
    case ResourceKind::environment:
      environments_.erase(arn);
      return;
    case ResourceKind::queue:
      queues_.erase(arn);
      return;
    case ResourceKind::policy:
      policies_.erase(arn);
      return;
    case ResourceKind::definition:
      definitions_.erase(arn);
      return;
  }
}

Result<void> Jobs::put(ResourceKind kind, json::Value shown) {
  if (kind == ResourceKind::queue) {
    const Queue wanted(shown);
    for (const std::string& arn : wanted.environments)
      if (environments_.find(arn) == environments_.end())
        return refused(concat("compute environment ", arn, " does not exist"));
    if (!wanted.policy.empty() && policy(wanted.policy) == nullptr)
      return refused(concat("scheduling policy ", wanted.policy, " does not exist"));
  }
  keep(kind, shown);
  changes_.emplace_back(ResourcePut{kind, std::move(shown)});
  enqueue_misfits();
  return {};
}

// What is in use stays: a queue with open jobs, an environment of a queue, a policy of one.
Result<void> Jobs::remove(ResourceKind kind, const std::string& arn) {
  for (const auto& [queue_arn, queue] : queues_) {
    if (kind == ResourceKind::environment &&
        std::ranges::find(queue.environments, arn) != queue.environments.end())
      return refused(concat("Cannot delete, found existing JobQueue relationship: ", queue.name));
    if (kind == ResourceKind::policy && queue.policy == arn)
      return refused(concat("Cannot delete, queue ", queue.name, " has this scheduling policy"));
  }
  if (kind == ResourceKind::queue)
    for (const auto& [number, job] : jobs_)
      if (job->specification.queue_arn == arn && !is_ended(job->status))
        return refused(concat("Cannot delete, job ", job->specification.id,
                              " of the queue is open; terminate it first"));
  erase(kind, arn);
  changes_.emplace_back(ResourceDeleted{kind, arn});
  return {};
}

const Environment* Jobs::environment(std::string_view name_or_arn) const {
  return by_name_or_arn(environments_, name_or_arn);
}

const Queue* Jobs::queue(std::string_view name_or_arn) const {
  return by_name_or_arn(queues_, name_or_arn);
}

const Policy* Jobs::policy(std::string_view arn) const {
  const auto found = policies_.find(arn);
  return found == policies_.end() ? nullptr : &found->second;
}

const Definition* Jobs::definition(std::string_view name_or_arn) const {
  if (const auto found = definitions_.find(name_or_arn); found != definitions_.end())
    return &found->second;
  const Definition* newest = nullptr;
  for (const auto& [arn, definition] : definitions_) {
    if (concat(definition.name, ":", definition.revision) == name_or_arn) return &definition;
    const bool is_named =
        definition.name == name_or_arn || arn.substr(0, arn.rfind(':')) == name_or_arn;
    if (is_named && definition.is_active &&
        (newest == nullptr || definition.revision > newest->revision))
      newest = &definition;
  }
  return newest;
}

int64_t Jobs::last_revision(std::string_view definition_name) const {
  int64_t last = 0;
  for (const auto& [arn, definition] : definitions_)
    if (definition.name == definition_name) last = std::max(last, definition.revision);
  return last;
}

std::vector<json::Value> Jobs::shown(ResourceKind kind) const {
  std::vector<json::Value> all;
  const auto add = [&](const auto& resources) {
    for (const auto& [arn, resource] : resources) all.push_back(resource.shown);
  };
  switch (kind) {
    case ResourceKind::environment:
      add(environments_);
      break;
    case ResourceKind::queue:
      add(queues_);
      break;
    case ResourceKind::policy:
      add(policies_);
      break;
    case ResourceKind::definition:
      add(definitions_);
      break;
  }
  return all;
}

}  // namespace pawl::jobs
