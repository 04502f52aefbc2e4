#include <algorithm>
#include <ranges>

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
    case ResourceKind::definition: {
      const Definition definition(shown);
      revisions_[definition.name][definition.revision] = definition.arn;
      return put_into(definitions_, std::move(shown));
    }
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
      if (const auto found = definitions_.find(arn); found != definitions_.end()) {
        const auto revisions = revisions_.find(found->second.name);
        revisions->second.erase(found->second.revision);
        if (revisions->second.empty()) revisions_.erase(revisions);
        definitions_.erase(found);
      }
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

// What is in use stays: a queue with open jobs, an environment of a queue or of children that run,
// a policy of a queue.
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
  if (kind == ResourceKind::environment)
    if (const auto room = rooms_.find(arn); room != rooms_.end() && room->second.children > 0)
      return refused(concat("Cannot delete, ", room->second.children,
                            " jobs or children of jobs still run there"));
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
  const auto slash = name_or_arn.rfind('/');
  const bool is_arn = slash != name_or_arn.npos;
  const std::string_view named = is_arn ? name_or_arn.substr(slash + 1) : name_or_arn;
  const auto colon = named.find(':');
  const auto revisions = revisions_.find(named.substr(0, colon));
  if (revisions == revisions_.end()) return nullptr;
  if (colon != named.npos) {
    const auto revision = parse_integer(named.substr(colon + 1));
    const auto found = revisions->second.find(revision.value_or(0));
    return is_arn || found == revisions->second.end() ? nullptr : &definitions_.at(found->second);
  }
  for (const auto& [revision, arn] : std::views::reverse(revisions->second)) {
    const Definition& definition = definitions_.at(arn);
    const bool is_it = !is_arn || arn.substr(0, arn.rfind(':')) == name_or_arn;
    if (definition.is_active && is_it) return &definition;
  }
  return nullptr;
}

int64_t Jobs::last_revision(std::string_view definition_name) const {
  const auto revisions = revisions_.find(definition_name);
  return revisions == revisions_.end() ? 0 : revisions->second.rbegin()->first;
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
