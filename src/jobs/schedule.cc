#include <algorithm>

#include "jobs/jobs.h"

namespace pawl::jobs {
namespace {

// Children that are handed over beyond what fits, so that their executor has the next at hand while
// an end is made durable. Only where they are short, because what waits there cannot be overtaken:
// as many as will have begun within a moment.
int32_t ahead(const Environment& environment, const Job& job) {
  constexpr double moment = 0.05;
  constexpr double at_most = 256;
  if (job.seconds_of_attempt == 0) return 0;
  const double at_once = environment.vcpus / job.specification.vcpus;
  return static_cast<int32_t>(std::min(at_most, moment * at_once / job.seconds_of_attempt));
}

bool could_fit(const Environment& environment, const Job& job) {
  return job.specification.vcpus <= environment.vcpus &&
         (environment.memory_mib == 0 || job.specification.memory_mib <= environment.memory_mib);
}

}  // namespace

bool Jobs::fits(const Job& job, Places places) const {
  const Queue* on = queue(job.specification.queue_arn);
  return on != nullptr && std::ranges::any_of(on->environments, [&](const std::string& arn) {
           const Environment* place = environment(arn);
           return place != nullptr && (places == Places::all || place->is_enabled) &&
                  could_fit(*place, job);
         });
}

bool Jobs::fits_somewhere(const Job& job) const { return fits(job, Places::all); }

bool Jobs::has_room(const Environment& environment, const Job& job, bool may_be_early) const {
  if (gates_(environment.executor)) return true;
  const Room& room = rooms_.at(environment.arn);
  const int32_t more = may_be_early ? ahead(environment, job) : 0;
  const double vcpus = environment.vcpus + more * job.specification.vcpus;
  if (room.vcpus + job.specification.vcpus > vcpus + 1e-9) return false;
  const int64_t memory = environment.memory_mib + more * job.specification.memory_mib;
  return environment.memory_mib == 0 || room.memory_mib + job.specification.memory_mib <= memory;
}

void Jobs::enqueue(Job& job, int32_t first, int32_t count) {
  const Specification& specification = job.specification;
  Ready& ready = ready_[specification.queue_arn];
  if (!fits_somewhere(job)) {
    ready.misfits.push_back({job.number, first, count});
    return;
  }
  const Queue* on = queue(specification.queue_arn);
  const bool is_fair = on != nullptr && !on->policy.empty();
  ready.push(is_fair ? specification.share : "", is_fair ? specification.scheduling_priority : 0,
             {job.number, first, count});
}

// What fitted nowhere may fit now.
void Jobs::enqueue_misfits() {
  for (auto& [queue, ready] : ready_)
    for (const Ready::Range& range : std::exchange(ready.misfits, {}))
      if (const auto job = jobs_.find(range.job); job != jobs_.end())
        enqueue(*job->second, range.first, range.count);
}

void Jobs::hand(Job& job, int32_t index, const Environment& environment, Status next,
                const std::string& after_job_id, Instant now) {
  const int32_t attempt = job.children.at(static_cast<size_t>(index)).attempt + 1;
  record(job, {.kind = Event::Kind::handed,
               .at = now,
               .first = index,
               .attempt = attempt,
               .next = next,
               .text = environment.arn});
  // Together with others of the array, also where queues take turns: an executor that is another
  // queue is asked once for all.
  const auto [known, is_first] = starts_.try_emplace({job.number, attempt, environment.arn});
  if (!is_first) {
    auto& start = std::get<StartChildren>(effects_[known->second]);
    if (start.after_job_id == after_job_id && start.indexes.back() < index) {
      start.indexes.push_back(index);
      return;
    }
  }
  known->second = effects_.size();
  effects_.emplace_back(StartChildren{job.number, environment.arn, {index}, attempt, after_job_id});
}

// An array that waits for another, child by child, goes to an executor that can wait for it; that
// is one which has the other array.
void Jobs::hand_gated(Job& job, Instant now) {
  const auto& dependencies = job.specification.dependencies;
  if (dependencies.size() != 1 || dependencies.front().kind != Dependency::Kind::n_to_n) return;
  const Target on = find(dependencies.front().job_id);
  if (!gates(job) || on.job == nullptr || !gates(*on.job)) return;
  if (on.job->specification.queue_arn != job.specification.queue_arn) return;
  const Environment& only = *environment(queue(job.specification.queue_arn)->environments.front());
  if (!only.is_enabled) return;
  for (int32_t index = 0; index < job.specification.size; ++index) {
    const bool waits = job.children[static_cast<size_t>(index)].status == Status::pending;
    const bool is_there = on.job->children[static_cast<size_t>(index)].is_handed;
    if (waits && is_there) hand(job, index, only, Status::pending, on.job->specification.id, now);
  }
}

// Where a child goes: the first environment in its queue's order that has room, else the first that
// takes it in advance. Null: there is none, and those that could take it later are wanted.
const Environment* Jobs::place_for(const Job& job, Wanted& wanted) {
  std::vector<const Environment*> could;
  for (const std::string& arn : queue(job.specification.queue_arn)->environments) {
    const Environment* place = environment(arn);
    if (place != nullptr && place->is_enabled && !rooms_[arn].held_until && could_fit(*place, job))
      could.push_back(place);
  }
  for (const bool may_be_early : {false, true})
    for (const Environment* place : could)
      if (has_room(*place, job, may_be_early && !wanted.contains(place))) return place;
  wanted.insert(could.begin(), could.end());
  return nullptr;
}

// The next child of a queue, if there is room for it.
bool Jobs::hand_next(const Queue& queue, Wanted& wanted, Instant now) {
  Ready& ready = ready_[queue.arn];
  const Policy* fair = policy(queue.policy);
  const auto weight = [&](const std::string& share) { return fair ? fair->weight(share) : 1.0; };
  while (const Ready::Range* range = ready.next(weight)) {
    const auto found = jobs_.find(range->job);
    const int32_t index = range->first;
    const Child* child =
        found == jobs_.end() ? nullptr : &found->second->children.at(static_cast<size_t>(index));
    if (child == nullptr || child->is_handed || child->status != Status::runnable) {
      ready.pop();  // it does not wait any more
      continue;
    }
    Job& job = *found->second;
    if (!fits(job, Places::enabled)) {
      // What fits nowhere now holds nobody up.
      ready.misfits.push_back({job.number, index, 1});
      ready.pop();
      continue;
    }
    const Environment* place = place_for(job, wanted);
    if (place == nullptr) return false;
    ready.take(job.specification.vcpus * weight(job.specification.share));
    hand(job, index, *place, Status::starting, "", now);
    return true;
  }
  return false;
}

// Queues by their priority; those of one priority take their turns by what they use.
void Jobs::schedule(Instant now) {
  std::vector<const Queue*> open;
  for (const auto& [arn, queue] : queues_)
    if (const auto ready = ready_.find(arn); ready != ready_.end() && !ready->second.is_empty())
      open.push_back(&queue);
  Wanted wanted;
  while (!open.empty()) {
    const auto next = std::ranges::min_element(open, {}, [&](const Queue* queue) {
      return std::pair(-queue->priority, ready_[queue->arn].used());
    });
    if (!hand_next(**next, wanted, now)) open.erase(next);
  }
}

double Jobs::vcpus_used(std::string_view environment_arn) const {
  const auto room = rooms_.find(environment_arn);
  return room == rooms_.end() ? 0 : room->second.vcpus;
}

std::string Jobs::held_back(std::string_view environment_arn) const {
  const auto room = rooms_.find(environment_arn);
  const bool is_held = room != rooms_.end() && room->second.held_until.has_value();
  return is_held ? room->second.why_held : "";
}

int64_t Jobs::waiting_in(std::string_view queue_arn) const {
  const auto ready = ready_.find(queue_arn);
  return ready == ready_.end() ? 0 : ready->second.waiting;
}

}  // namespace pawl::jobs
