#include "executors/local/ledger.h"

#include <algorithm>
#include <csignal>

#include "base/log.h"
#include "base/text.h"
#include "executors/local/attempt_name.h"
#include "executors/local/process_watch.h"

namespace pawl::executors {
namespace {

constexpr uint64_t journal_bytes_min = 1 << 20;
// As a program that KILL has ended.
constexpr int status_of_host_lost = 128 + 9;

Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

Ending host_lost() {
  return {.status = status_of_host_lost,
          .is_host_lost = true,
          .reason = "the machine was started anew while it ran"};
}

// Whether the process that the number means now is the one that was started then.
bool is_still(const Track& track, const std::optional<ProcessRow>& row) {
  return row && row->started_ticks >= track.started.from &&
         row->started_ticks <= track.started.until;
}

// The program of an attempt that was about to be started when the supervisor died.
const ProcessRow* leader_of(const Attempt& attempt, const std::vector<ProcessRow>& processes) {
  for (const ProcessRow& row : processes) {
    if (!row.is_dead && row.session == row.pid && attempt_of_environment(row.pid) == attempt)
      return &row;
  }
  return nullptr;
}

}  // namespace

bool has_watched_limit(const Entry& entry) {
  return entry.track.share.memory_mib > 0 && !entry.has_group;
}

Result<void> Ledger::recover() {
  JournalContent content = TRY(Journal::read(directory_));
  trust_ = content.trust;
  const auto processes = all_processes();
  for (Track& track : content.tracks) {
    Entry& entry = entries_[to_name(track.attempt)];
    entry.track = std::move(track);
    adopt(entry, processes);
  }
  return {};
}

void Ledger::adopt(Entry& entry, const std::vector<ProcessRow>& processes) {
  Track& track = entry.track;
  if (track.phase == Phase::ended || track.phase == Phase::lost) return;
  if (trust_ == Trust::other_life) return ended(entry, host_lost());
  if (track.phase == Phase::begun) {
    const ProcessRow* row = leader_of(track.attempt, processes);
    if (!row) return lost(entry, "the supervisor was killed while it started it");
    track.pid = row->pid;
    track.started = {row->started_ticks, row->started_ticks};
    track.phase = Phase::spawned;
  }
  // First the descriptor, then the look: what it names cannot change any more.
  entry.watched = watch_process(track.pid);
  if (!is_still(track, process_row(track.pid)))
    return lost(entry, "it ended while no supervisor ran");
  if (!entry.watched.is_open()) {
    ::kill(-track.pid, SIGKILL);
    return lost(entry, "it could not be watched any more, and was killed");
  }
  by_pid_[track.pid] = &entry;
  watched_.push_back(&entry);
}

void Ledger::complete(const std::vector<Attempt>& known) {
  for (const Attempt& attempt : known) {
    if (trust_ == Trust::whole || find(attempt)) continue;
    Entry& entry = entries_[to_name(attempt)];
    entry.track.attempt = attempt;
    if (trust_ == Trust::other_life) {
      ended(entry, host_lost());
    } else {
      lost(entry, "the journal of the executor is damaged");
    }
  }
  trust_ = Trust::whole;
  if (journal_) return;
  if (auto written = rewrite(); !written)
    log(LogLevel::error, "cannot write the journal", {{"error", written.error().text()}});
}

Result<void> Ledger::rewrite() {
  std::vector<Track> tracks;
  for (const auto& [name, entry] : entries_) tracks.push_back(entry.track);
  journal_ = TRY(Journal::write(directory_, tracks));
  rewrite_at_bytes_ = std::max(journal_bytes_min, 4 * journal_->bytes());
  return {};
}

Entry* Ledger::find(const Attempt& attempt) {
  const auto found = entries_.find(to_name(attempt));
  return found == entries_.end() ? nullptr : &found->second;
}

Entry* Ledger::find_running(pid_t pid) {
  const auto found = by_pid_.find(pid);
  return found == by_pid_.end() ? nullptr : found->second;
}

Census::Leaders Ledger::leaders() const {
  Census::Leaders leaders;
  for (const auto& [pid, entry] : by_pid_) leaders.emplace(pid, entry->track.attempt);
  return leaders;
}

bool Ledger::has_watched_limits() const {
  return std::ranges::any_of(by_pid_,
                             [](const auto& row) { return has_watched_limit(*row.second); });
}

Result<void> Ledger::begin(const std::vector<Attempt>& attempts) {
  if (!journal_) TRY(rewrite());
  std::string lines;
  for (const Attempt& attempt : attempts) lines += line_of(Track{.attempt = attempt});
  TRY(journal_->flush_with(lines));
  for (const Attempt& attempt : attempts) entries_[to_name(attempt)].track.attempt = attempt;
  return {};
}

void Ledger::spawned(Entry& entry, pid_t pid, TickSpan span) {
  entry.track.phase = Phase::spawned;
  entry.track.pid = pid;
  entry.track.started = span;
  by_pid_[pid] = &entry;
  journal_->add(line_of(entry.track));
}

void Ledger::ended(Entry& entry, Ending ending) { end(entry, Phase::ended, std::move(ending)); }

void Ledger::lost(Entry& entry, std::string why) {
  end(entry, Phase::lost, Ending{.reason = std::move(why)});
}

void Ledger::end(Entry& entry, Phase phase, Ending ending) {
  if (entry.is_running()) by_pid_.erase(entry.track.pid);
  if (entry.watched.is_open()) std::erase(watched_, &entry);
  entry.watched.close();
  entry.track.phase = phase;
  entry.track.ended_at = now();
  entry.track.ending = std::move(ending);
  if (journal_) journal_->add(line_of(entry.track));
}

void Ledger::settle(const Attempt& attempt) {
  const auto found = entries_.find(to_name(attempt));
  if (found == entries_.end() || found->second.is_running()) return;
  entries_.erase(found);
  if (journal_) journal_->add(settled_line(attempt));
}

void Ledger::flush() {
  if (!journal_) return;
  const auto flushed = journal_->flush();
  if (!flushed && !is_failing_)
    log(LogLevel::error, "cannot write the journal", {{"error", flushed.error().text()}});
  is_failing_ = !flushed;
  if (!is_failing_ && journal_->bytes() >= rewrite_at_bytes_) compact();
}

void Ledger::compact() {
  if (journal_ && !rewrite()) rewrite_at_bytes_ *= 2;
}

}  // namespace pawl::executors
