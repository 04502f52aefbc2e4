#include "jobs/why.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "jobs/describe.h"
#include "jobs/why_failed.h"

namespace pawl::jobs {
namespace {

std::string named(const Job& job) {
  return concat("job ", job.specification.id, " (", job.specification.name, ")");
}

// Of one job or child that another waits for.
std::string standing(const Target& on) {
  const Status status = status_of(on);
  if (!on.job->is_array() || on.index) return concat(id_of(on), " is ", name(status));
  const int32_t ended = on.job->count(Status::succeeded) + on.job->count(Status::failed);
  const int32_t all = on.job->specification.size;
  return concat(named(*on.job), " has ", all - ended, " of ", counted(all, "child"), " left");
}

Why why_pending(const Jobs& jobs, const Job& job, int32_t index) {
  std::vector<Target> waits_for;
  for (const Dependency& dependency : job.specification.dependencies)
    if (const auto on = jobs.depends_on(dependency, job, index);
        on && status_of(*on) != Status::succeeded)
      waits_for.push_back(*on);
  if (waits_for.empty()) return {"nothing is waited for any more: it is ready at once", ""};
  const Target& first = waits_for.front();
  std::string reason = concat("it waits for what it depends on: ", standing(first));
  if (waits_for.size() > 1)
    reason += concat(", and ", counted(static_cast<int64_t>(waits_for.size()) - 1, "other job"),
                     " has not succeeded");
  if (child_at(job, index).is_handed) reason += "; its executor starts it when that has succeeded";
  const bool is_waiting_too = status_of(first) <= Status::runnable;
  return {reason, is_waiting_too ? concat("`pawl batch why ", id_of(first), "` says why that waits")
                                 : std::string()};
}

// What is handed over in an environment.
struct Use {
  double vcpus = 0;
  int64_t memory_mib = 0;
  std::map<int64_t, int32_t> children;  // by job
};

Use use_of(const Jobs& jobs, const std::string& environment) {
  Use use;
  for (const auto& [number, job] : jobs.all()) {
    if (is_ended(job->status)) continue;
    const auto here = std::ranges::count_if(job->children, [&](const Child& child) {
      return child.is_handed && child.environment == environment;
    });
    if (here == 0) continue;
    const auto count = static_cast<int32_t>(here);
    use.children[number] = count;
    use.vcpus += count * job->specification.vcpus;
    use.memory_mib += count * job->specification.memory_mib;
  }
  return use;
}

std::string users_of(const Jobs& jobs, const Use& use) {
  constexpr size_t shown_max = 3;
  std::vector<std::string> users;
  for (const auto& [number, count] : use.children) {
    if (users.size() == shown_max) {
      users.push_back(
          concat(counted(static_cast<int64_t>(use.children.size() - shown_max), "other job")));
      break;
    }
    const Job& job = *jobs.job(number);
    users.push_back(job.is_array() ? concat(counted(count, "child"), " of ", named(job))
                                   : named(job));
  }
  return join(users, ", ");
}

bool is_ready(const Child& child) { return child.status == Status::runnable && !child.is_handed; }

// Whether children of that queue go before those of the job's own, in an environment of both.
bool goes_before(const Queue& other, const Queue& own) {
  return other.priority > own.priority &&
         std::ranges::any_of(own.environments, [&](const std::string& arn) {
           return std::ranges::find(other.environments, arn) != other.environments.end();
         });
}

// Of one queue, and one share of it.
int64_t ahead_in_line(const Job& other, const Job& job, int32_t index) {
  if (other.specification.share != job.specification.share) return 0;
  const auto standing_of = [](const Job& of, size_t at) {
    const int64_t priority =
        of.specification.share.empty() ? 0 : of.specification.scheduling_priority;
    return std::tuple(-priority, of.children[at].since, of.number, at);
  };
  const auto own = standing_of(job, static_cast<size_t>(index));
  int64_t ahead = 0;
  for (size_t at = 0; at < other.children.size(); ++at)
    if (is_ready(other.children[at]) && standing_of(other, at) < own) ++ahead;
  return ahead;
}

int64_t ahead_of(const Jobs& jobs, const Job& job, int32_t index) {
  const Queue* own = jobs.queue(job.specification.queue_arn);
  int64_t ahead = 0;
  for (const auto& [number, other] : jobs.all()) {
    if (other->count(Status::runnable) == 0) continue;
    const Queue* queue = jobs.queue(other->specification.queue_arn);
    if (queue == own)
      ahead += ahead_in_line(*other, job, index);
    else if (queue != nullptr && goes_before(*queue, *own))
      ahead += std::ranges::count_if(other->children, is_ready);
  }
  return ahead;
}

std::string needs(const Job& job) {
  const Specification& specification = job.specification;
  std::string text = concat(specification.vcpus, specification.vcpus == 1 ? " vCPU" : " vCPUs");
  if (specification.memory_mib > 0) text += concat(" and ", specification.memory_mib, " MiB");
  return text;
}

Why why_it_fits_nowhere(const Jobs& jobs, const Job& job, const Queue& queue) {
  std::vector<std::string> places;
  for (const std::string& arn : queue.environments)
    if (const Environment* environment = jobs.environment(arn))
      places.push_back(concat(environment->name, " has ", environment->vcpus, " vCPUs",
                              environment->memory_mib > 0
                                  ? concat(" and ", environment->memory_mib, " MiB")
                                  : std::string()));
  return {concat("it needs ", needs(job), ", more than any compute environment of queue ",
                 queue.name, " has: ", join(places, ", ")),
          "give one of them more (maxvCpus, the tag pawl:memory-mib), or submit the job with less"};
}

Why why_no_room(const Jobs& jobs, const Job& job, const Environment& environment) {
  const Use use = use_of(jobs, environment.arn);
  const bool lacks_vcpus = use.vcpus + job.specification.vcpus > environment.vcpus + 1e-9;
  const bool lacks_memory = environment.memory_mib > 0 &&
                            use.memory_mib + job.specification.memory_mib > environment.memory_mib;
  // More are handed over than there is room for where they are short.
  const bool is_ahead = use.vcpus > environment.vcpus + 1e-9;
  std::vector<std::string> taken, to_raise;
  if (lacks_vcpus) {
    const double used = std::min(use.vcpus, environment.vcpus);
    taken.push_back(concat(used, " of ", environment.vcpus, " vCPUs"));
    to_raise.push_back("maxvCpus");
  }
  if (lacks_memory) {
    const int64_t used = std::min(use.memory_mib, environment.memory_mib);
    taken.push_back(concat(used, " of ", environment.memory_mib, " MiB of memory"));
    to_raise.push_back("the tag pawl:memory-mib");
  }
  if (taken.empty()) return {};
  return {concat("it needs ", needs(job), ", and in compute environment ", environment.name, " ",
                 join(taken, " and "),
                 is_ahead ? " are in use by, or next in line for, " : " are in use by ",
                 users_of(jobs, use)),
          concat("wait for one of them to end, or raise ", join(to_raise, " and "), " of ",
                 environment.name)};
}

Why why_runnable(const Jobs& jobs, const Job& job, int32_t index) {
  const Queue* queue = jobs.queue(job.specification.queue_arn);
  if (queue == nullptr) return {"its queue does not exist any more", "submit it to another one"};
  if (!jobs.fits_somewhere(job)) return why_it_fits_nowhere(jobs, job, *queue);
  Why last;
  for (const std::string& arn : queue->environments) {
    const Environment* environment = jobs.environment(arn);
    if (environment == nullptr) continue;
    const std::string held = jobs.held_back(arn);
    if (!environment->is_enabled)
      last = {concat("compute environment ", environment->name, " of queue ", queue->name,
                     " is DISABLED"),
              concat("`aws batch update-compute-environment --compute-environment ",
                     environment->name, " --state ENABLED`")};
    else if (!held.empty())
      last = {concat("executor ", environment->executor, " of compute environment ",
                     environment->name, " starts nothing at the moment: ", held),
              "it is tried again every few seconds"};
    else if (last = why_no_room(jobs, job, *environment); last.reason.empty())
      return {"it is ready, and is started at once", ""};
  }
  if (const int64_t ahead = ahead_of(jobs, job, index); ahead > 0)
    last.reason +=
        concat("; ", counted(ahead, "other"), ahead == 1 ? " is" : " are", " ready before it");
  return last;
}

// What came before it was queued again.
std::string tried(const Job& job, const Child& child) {
  if (child.ended.empty() || child.attempt == child.attempts_before) return {};
  return concat(attempts_of(job, child), " ended with ", exit_of(child.ended.back()),
                ", so it is queued again; ");
}

Why why_child(const Jobs& jobs, const Job& job, int32_t index) {
  const Child& child = child_at(job, index);
  switch (child.status) {
    case Status::submitted:
    case Status::pending:
      return why_pending(jobs, job, index);
    case Status::runnable: {
      Why why = why_runnable(jobs, job, index);
      why.reason = tried(job, child) + why.reason;
      return why;
    }
    case Status::starting:
      return {"its executor has it, and has not started it yet",
              "where that lasts, the server's log says what is in the way"};
    case Status::running:
      return {concat("it runs, ", attempts_of(job, child)), ""};
    case Status::succeeded:
      return {"it has succeeded", ""};
    case Status::failed:
      return why_failed(jobs, job, index);
  }
  return {};
}

std::optional<int32_t> first_of(const Job& job, Status status) {
  const auto found = std::ranges::find(job.children, status, &Child::status);
  if (found == job.children.end()) return std::nullopt;
  return static_cast<int32_t>(found - job.children.begin());
}

// Of an array: its counts, and what holds the first child of those that wait longest.
Why why_array(const Jobs& jobs, const Job& job) {
  const int32_t all = job.specification.size;
  if (job.status == Status::succeeded) return {"all its children have succeeded", ""};
  const auto counts = [&](Status status) { return counted(job.count(status), "child"); };
  if (job.status == Status::failed) return why_failed_array(jobs, job);
  for (const Status status : {Status::runnable, Status::pending}) {
    const auto index = first_of(job, status);
    if (!index) continue;
    const Why why = why_child(jobs, job, *index);
    return {concat(counts(status), " of ", all, " ", job.count(status) == 1 ? "is " : "are ",
                   name(status), ", the first is ", *index, ": ", why.reason),
            why.help};
  }
  return {concat(counts(Status::running), " of ", all, " run, none waits"), ""};
}

}  // namespace

Why why(const Jobs& jobs, const Target& target) {
  const bool is_parent = target.job->is_array() && !target.index;
  return is_parent ? why_array(jobs, *target.job)
                   : why_child(jobs, *target.job, target.index.value_or(0));
}

}  // namespace pawl::jobs
