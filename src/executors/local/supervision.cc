#include "executors/local/supervision.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <unordered_set>

#include "base/log.h"
#include "base/text.h"
#include "executors/local/attempt_name.h"
#include "executors/local/census.h"
#include "executors/local/memory_limit.h"
#include "executors/local/process_watch.h"

namespace pawl::executors {
namespace {

constexpr size_t starts_in_a_turn = 16;
constexpr seconds kill_again(1);
Batch only(const Batch& batch, int32_t index) {
  Batch one = batch;
  one.indexes = {index};
  return one;
}

// Of this directory, and of no other on this machine.
std::string group_name(const std::string& directory) {
  struct stat status {};
  ::stat(directory.c_str(), &status);
  return concat("pawl-", status.st_dev, "-", status.st_ino);
}

}  // namespace

Supervision::Supervision(const SupervisorOptions& options, Ground ground)
    : options_(options),
      ground_(std::move(ground)),
      ledger_(options.directory),
      groups_(ControlGroups::open(group_name(options.directory))) {}

Result<void> Supervision::recover() {
  TRY(ledger_.recover());
  for (auto& [name, entry] : ledger_.entries()) {
    const bool has_group = groups_ && groups_->has(name);
    if (entry.is_running()) {
      pools_.occupy(entry.track.share);
      entry.has_group = has_group;
    } else if (has_group) {
      groups_->remove(name);
    }
  }
  return {};
}

void Supervision::connect(world::FileDescriptor socket) {
  pools_.clear();
  telling_.connect(std::move(socket));
}

void Supervision::hear() {
  MessageLine& line = telling_.line();
  const bool is_there = line.receive();
  while (const auto message = line.next()) obey(*message);
  if (line.is_broken()) log(LogLevel::error, "the server speaks another language");
  if (!is_there || line.is_broken()) line.close();
}

void Supervision::obey(const Message& message) {
  switch (message.kind) {
    case MessageKind::hello:
      return;
    case MessageKind::take_up:
      if (auto known = read_attempts(message.body)) return take_up(*known);
      break;
    case MessageKind::start:
      if (auto batch = read_batch(message.body)) return take_batch(std::move(*batch));
      break;
    case MessageKind::stop:
    case MessageKind::settle:
      if (const auto attempts = read_attempts(message.body)) {
        for (const Attempt& attempt : *attempts)
          message.kind == MessageKind::stop ? stop(attempt) : ledger_.settle(attempt);
        return;
      }
      break;
    default:
      break;
  }
  log(LogLevel::error, "a message of the server cannot be understood");
}

void Supervision::take_up(const std::vector<Attempt>& known) {
  ledger_.complete(known);
  telling_.take_up();
  std::unordered_set<std::string> names;
  for (const Attempt& attempt : known) names.insert(to_name(attempt));
  std::erase_if(namesakes_, [&](const auto& row) { return !names.contains(row.first); });
  for (const Attempt& attempt : known) {
    if (namesakes_.contains(to_name(attempt))) continue;
    if (const Entry* entry = ledger_.find(attempt)) {
      // Whoever was told of its start may have died before that was durable.
      if (!entry->is_running() && entry->track.has_started()) telling_.start_of(*entry);
      telling_.state_of(*entry);
    } else {
      telling_.refuse(attempt, "it never reached the supervisor");
    }
  }
  std::vector<Attempt> unwanted;
  for (auto& [name, entry] : ledger_.entries()) {
    entry.is_wanted = names.contains(name) && !namesakes_.contains(name);
    if (!entry.is_wanted) unwanted.push_back(entry.track.attempt);
  }
  for (const Attempt& attempt : unwanted) {
    Entry& entry = *ledger_.find(attempt);
    entry.is_running() ? stop(entry) : ledger_.settle(attempt);
  }
}

void Supervision::take_batch(Batch batch) {
  // Who asks later is told that what we do not begin has never run.
  if (!telling_.is_taken_up() || is_ending_) return;
  // One that is no array has one process, and no index; here it stands as one that is not used.
  if (!batch.is_array) batch.indexes = {0};
  if (!is_job_id(batch.work.job_id)) {
    for (const int32_t index : batch.indexes) {
      telling_.refuse(
          {batch.work.job_id, batch.is_array ? std::optional(index) : std::nullopt, batch.number},
          "its job has no proper id");
    }
  } else {
    pools_.add(std::move(batch));
  }
}

void Supervision::start_some() {
  const auto batch = pools_.take(starts_in_a_turn);
  if (!batch) return;
  std::vector<Attempt> fresh;
  for (const int32_t index : batch->indexes) {
    Attempt attempt{batch->work.job_id, std::nullopt, batch->number};
    if (batch->is_array) attempt.index = index;
    const Entry* entry = ledger_.find(attempt);
    if (entry == nullptr) {
      fresh.push_back(std::move(attempt));
      continue;
    }
    pools_.vacate(share_of(*batch));
    if (entry->is_wanted)
      telling_.state_of(*entry);
    else
      namesakes_[to_name(attempt)] = only(*batch, index);
  }
  const auto begun = ledger_.begin(fresh);
  for (const Attempt& attempt : fresh) {
    if (begun) {
      Entry& entry = *ledger_.find(attempt);
      entry.track.share = share_of(*batch);
      start(entry, batch->work);
    } else {
      pools_.vacate(share_of(*batch));
      telling_.refuse(attempt, begun.error().text());
    }
  }
}

void Supervision::start(Entry& entry, const Work& work) {
  auto obstacle = start_process(entry, work);
  if (!obstacle) return telling_.state_of(entry);
  if (obstacle->status != 0)
    return end(entry, {.status = obstacle->status, .reason = std::move(obstacle->reason)});
  const Attempt attempt = entry.track.attempt;
  leave_room(entry);
  ledger_.settle(attempt);
  telling_.refuse(attempt, std::move(obstacle->reason));
}

std::optional<Obstacle> Supervision::start_process(Entry& entry, const Work& work) {
  auto prepared = prepare(entry.track.attempt, work, ground_);
  if (!prepared) return std::move(prepared).error();
  auto log = logs_.open(work.log_directory, entry.track.attempt, orphans_.are_there());
  if (!log) return obstacle_of(log.error());
  entry.log = std::move(log->path);
  prepared->output = log->file.number();
  TickSpan span{.from = now_ticks()};
  const auto pid = launch_in_group(entry, *prepared, work);
  span.until = now_ticks();
  if (!pid) return obstacle_of(pid.error(), *prepared);
  ledger_.spawned(entry, *pid, span);
  return std::nullopt;
}

// In a control group of its own where it has a limit. Where none can be had, we look after its
// memory ourselves.
Result<pid_t, LaunchFailure> Supervision::launch_in_group(Entry& entry, Launch& plan,
                                                          const Work& work) {
  if (work.memory_mib <= 0 || !groups_) return launch(plan);
  const std::string name = to_name(entry.track.attempt);
  const auto group = groups_->make(name, {.memory_mib = work.memory_mib, .vcpus = work.vcpus});
  if (!group) return launch(plan);
  plan.group = group->number();
  auto pid = launch(plan);
  entry.has_group = pid.has_value();
  if (pid) return pid;
  groups_->remove(name);
  plan.group = -1;
  // Making a process fails, too, where the group is closed to us.
  return pid.error().step == LaunchStep::make ? launch(plan) : pid;
}

void Supervision::stop(const Attempt& attempt) {
  Entry* entry = ledger_.find(attempt);
  if (entry && entry->is_wanted) return stop(*entry);
  if (pools_.remove(attempt) || namesakes_.erase(to_name(attempt)) > 0)
    telling_.refuse(attempt, "it was stopped before it was started");
}

void Supervision::stop(Entry& entry) {
  if (!entry.is_running() || entry.is_stopping) return;
  entry.is_stopping = true;
  // Of one that is not our child the number may be free again, before we hear of its end.
  if (!entry.watched.is_open() || !is_reaped(entry.watched)) ::kill(-entry.track.pid, SIGTERM);
  stopping_.push_back({entry.track.attempt, Steady::now() + options_.grace});
}

void Supervision::end_all() {
  is_ending_ = true;
  pools_.clear();
  namesakes_.clear();
  for (auto& [name, entry] : ledger_.entries()) stop(entry);
}

std::optional<Steady::time_point> Supervision::next_deadline() const {
  std::optional<Steady::time_point> next = telling_.due();
  const auto take = [&](Steady::time_point at) { next = std::min(next.value_or(at), at); };
  for (const Stopping& stopping : stopping_) take(stopping.kill_at);
  if (ledger_.has_watched_limits()) take(watch_memory_at_);
  return next;
}

void Supervision::kill_overdue() {
  const auto now = Steady::now();
  std::vector<const Entry*> overdue;
  const auto has_ended = [&](Stopping& stopping) {
    const Entry* entry = ledger_.find(stopping.attempt);
    if (!entry || !entry->is_running()) return true;
    if (stopping.kill_at > now) return false;
    overdue.push_back(entry);
    stopping.kill_at = now + kill_again;
    return false;
  };
  std::erase_if(stopping_, has_ended);
  kill_all(overdue);
}

void Supervision::kill_all(const std::vector<const Entry*>& entries) {
  if (entries.empty()) return;
  const Census census = ledger_.census();
  for (const Entry* entry : entries) {
    if (census.is_still(entry->track.pid)) ::kill(-entry->track.pid, SIGKILL);
    if (entry->has_group) groups_->kill(to_name(entry->track.attempt));
    // Not by these groups alone: some processes have one of their own.
    for (const ProcessRow& row : census.members_of(entry->track.pid)) ::kill(row.pid, SIGKILL);
  }
}

void Supervision::watch_memory() {
  const Steady::time_point begin = Steady::now();
  if (begin < watch_memory_at_ || !ledger_.has_watched_limits()) return;
  std::vector<const Entry*> over;
  for (Entry* entry : attempts_over_memory(ledger_)) {
    entry->is_out_of_memory = true;
    over.push_back(entry);
  }
  kill_all(over);
  // Where there are very many processes, it takes a fiftieth of a processor, and not more.
  const Steady::time_point end = Steady::now();
  watch_memory_at_ = end + std::max<Steady::duration>(memory_watch_interval, 50 * (end - begin));
}

void Supervision::reap() {
  siginfo_t ended{};
  bool is_any = false;
  // The number of the group cannot mean anyone else as long as its leader is not reaped.
  while (::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid != 0) {
    is_any = true;
    Entry* entry = ledger_.find_running(ended.si_pid);
    if (entry) ::kill(-ended.si_pid, SIGKILL);
    ::waitid(P_PID, ended.si_pid, &ended, WEXITED);
    const int status = ended.si_code == CLD_EXITED ? ended.si_status : 128 + ended.si_status;
    if (entry) end(*entry, {.status = status});
    ended = {};
  }
  if (is_any) orphans_.sweep(ledger_);
}

void Supervision::see_end_of(Entry& entry) {
  kill_all({&entry});
  if (const auto status = status_of_ended(entry.watched, entry.track.pid))
    return end(entry, {.status = *status});
  leave_room(entry);
  ledger_.lost(entry, "it ended under a later supervisor than it began under");
  tell_end(entry);
}

void Supervision::end(Entry& entry, Ending ending) {
  leave_room(entry);
  if (entry.is_out_of_memory && ending.status != 0) {
    ending.is_out_of_memory = true;
    ending.reason = concat("more than ", entry.track.share.memory_mib, " MiB");
  }
  ledger_.ended(entry, std::move(ending));
  tell_end(entry);
}

// Learns from its group, once, why its processes have ended.
void Supervision::leave_room(Entry& entry) {
  pools_.vacate(entry.track.share);
  if (!entry.log.empty()) logs_.take_back(std::move(entry.log));
  if (!std::exchange(entry.has_group, false)) return;
  const std::string name = to_name(entry.track.attempt);
  entry.is_out_of_memory = entry.is_out_of_memory || groups_->was_out_of_memory(name);
  groups_->remove(name);
}

void Supervision::tell_end(const Entry& entry) {
  if (entry.is_wanted) return telling_.state_of(entry);
  const Attempt attempt = entry.track.attempt;
  ledger_.settle(attempt);
  if (auto namesake = namesakes_.extract(to_name(attempt)))
    pools_.add(std::move(namesake.mapped()));
}

void Supervision::tell() {
  ledger_.flush();
  telling_.tell(pools_.is_anyone_waiting());
}

}  // namespace pawl::executors
