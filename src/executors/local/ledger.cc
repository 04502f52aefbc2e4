#include "executors/local/ledger.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "executors/local/attempt_name.h"
#include "executors/local/process_watch.h"

namespace pawl::executors {
namespace {

constexpr uint64_t journal_bytes_min = 1 << 20;
constexpr milliseconds becoming_patience(50);
// As a program that KILL has ended.
constexpr int status_of_host_lost = 128 + 9;

Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

Ending host_lost() {
  return {.status = status_of_host_lost,
          .is_host_lost = true,
          .reason = "the machine was started anew while it ran"};
}

}  // namespace

bool has_watched_limit(const Entry& entry) {
  return entry.track.share.memory_mib > 0 && !entry.has_group;
}

Result<void> Ledger::recover() {
  JournalContent content = TRY(Journal::read(directory_));
  trust_ = content.trust;
  Programs running = programs(TRY(all_processes()));
  const auto has_no_program = [&](const Track& track) {
    return track.phase == Phase::begun && !running.contains(to_name(track.attempt));
  };
  // One that is just becoming its program shows no environment for a moment.
  if (std::ranges::any_of(content.tracks, has_no_program)) {
    std::this_thread::sleep_for(becoming_patience);
    running = programs(TRY(all_processes()));
  }
  for (Track& track : content.tracks) {
    Entry& entry = entries_[to_name(track.attempt)];
    entry.track = std::move(track);
    // The clock of the journal's ticks was another one.
    if (trust_ == Trust::other_life) entry.track.started = {};
    TRY(adopt(entry, running));
  }
  for (const auto& [name, row] : running) {
    const auto [entry, is_new] = entries_.try_emplace(name);
    if (!is_new) continue;
    entry->second.track.attempt = *parse_name(name);
    TRY(adopt(entry->second, running));
  }
  kill_strays();
  return {};
}

Ledger::Programs Ledger::programs(const std::vector<ProcessRow>& rows) const {
  Programs programs;
  for (const auto& [row, mark] : marked_processes(rows, directory_)) {
    if (row.pid == mark.leader) programs.emplace(to_name(mark.attempt), row);
  }
  return programs;
}

Result<void> Ledger::adopt(Entry& entry, const Programs& programs) {
  Track& track = entry.track;
  if (track.phase == Phase::ended || track.phase == Phase::lost) return {};
  const bool was_spawned = track.phase == Phase::spawned;
  if (was_spawned && trust_ != Trust::other_life && TRY(watch(entry))) return {};
  if (const auto row = programs.find(to_name(track.attempt)); row != programs.end()) {
    track.pid = row->second.pid;
    track.started = {row->second.started_ticks, row->second.started_ticks};
    track.phase = Phase::spawned;
    if (TRY(watch(entry))) return {};
  }
  if (trust_ == Trust::other_life) {
    ended(entry, host_lost());
  } else {
    lost(entry, was_spawned ? "it ended while no supervisor ran"
                            : "the supervisor was killed while it started it");
  }
  return {};
}

// False where its process has ended, or can never be watched and is killed. Where only for now we
// cannot tell, nothing may be said of it.
Result<bool> Ledger::watch(Entry& entry) {
  const Track& track = entry.track;
  // First the descriptor, then the look: what it names cannot change any more.
  entry.watched = watch_process(track.pid);
  const int failure = entry.watched.is_open() ? 0 : errno;
  if (failure == EMFILE || failure == ENFILE || failure == ENOMEM)
    return errno_error(concat("cannot watch process ", track.pid), failure);
  const auto row = process_row(track.pid);
  if (!row && entry.watched.is_open() && !is_reaped(entry.watched))
    return Error(ErrorCode::failed, concat("cannot read /proc/", track.pid));
  if (!row || !track.started.has(row->started_ticks)) return false;
  if (!entry.watched.is_open()) return ::kill(-track.pid, SIGKILL), false;
  by_pid_[track.pid] = &entry;
  watched_.push_back(&entry);
  return true;
}

// What attempts have left behind that have ended while no supervisor ran: no other attempt may
// begin beside it. New ones may come from them until all are dead.
void Ledger::kill_strays() const {
  constexpr int looks_max = 500;
  constexpr milliseconds between_looks(10);
  for (int looks = 0; looks < looks_max; ++looks) {
    bool is_any = false;
    const auto rows = all_processes();
    if (!rows) return;
    for (const auto& [row, mark] : marked_processes(*rows, directory_)) {
      if (is_stray(mark)) is_any = kill_marked(row.pid, mark) || is_any;
    }
    if (!is_any) return;
    std::this_thread::sleep_for(between_looks);
  }
  log(LogLevel::error, "processes of attempts that have ended cannot be killed");
}

bool Ledger::is_stray(const AttemptMark& mark) const {
  const auto leader = by_pid_.find(mark.leader);
  return leader == by_pid_.end() || leader->second->track.attempt != mark.attempt;
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

Census Ledger::census() const {
  Census::Leaders leaders;
  for (const auto& [pid, entry] : by_pid_) leaders.emplace(pid, entry->track.started);
  return {std::move(leaders), directory_};
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
  // The number may be that of a younger one already.
  if (Entry* running = find_running(entry.track.pid); running == &entry)
    by_pid_.erase(entry.track.pid);
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

void Ledger::keep_journal() {
  if (!journal_ || journal_->is_in_place()) return;
  log(LogLevel::warning, "the journal was removed, and is written again");
  compact();
}

}  // namespace pawl::executors
