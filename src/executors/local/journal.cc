#include "executors/local/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <unordered_map>

#include "base/text.h"
#include "executors/local/attempt_name.h"
#include "executors/local/station.h"
#include "world/files.h"

namespace pawl::executors {
namespace {

constexpr std::string_view head_word = "pawl-executor", head_version = "1";
constexpr size_t journal_bytes_max = size_t(1) << 30;

std::string path_in(const std::string& directory) { return directory + "/journal"; }

std::string head() { return concat(head_word, " ", head_version, " ", host_life(), "\n"); }

// A reason is the rest of its line.
std::string on_one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

// The words of one line, one after another.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  std::string_view next() {
    const size_t space = std::min(rest_.find(' '), rest_.size());
    const std::string_view word = rest_.substr(0, space);
    rest_.remove_prefix(std::min(space + 1, rest_.size()));
    return word;
  }
  int64_t number() {
    const auto number = parse_integer(next());
    is_sound_ = is_sound_ && number;
    return number.value_or(0);
  }
  std::string rest() const { return std::string(rest_); }
  bool is_sound() const { return is_sound_; }

 private:
  std::string_view rest_;
  bool is_sound_ = true;
};

using Tracks = std::unordered_map<std::string, Track>;

// False where it is none of our lines.
bool take_end(Words& words, Track& track, bool has_status) {
  track.ended_at = Instant(Duration(words.number()));
  track.phase = has_status ? Phase::ended : Phase::lost;
  if (has_status) {
    track.ending.status = static_cast<int>(words.number());
    const std::string_view flags = words.next();
    track.ending.is_out_of_memory = flags == "m";
    track.ending.is_host_lost = flags == "h";
  }
  track.ending.reason = words.rest();
  return words.is_sound();
}

bool take_line(std::string_view line, Tracks& tracks) {
  Words words(line);
  const std::string_view verb = words.next();
  const std::string name(words.next());
  const auto attempt = parse_name(name);
  if (!attempt) return false;
  if (verb == "settled") return tracks.erase(name), true;
  Track& track = tracks[name];
  track.attempt = *attempt;
  if (verb == "begin") return true;
  if (verb == "ended" || verb == "lost") return take_end(words, track, verb == "ended");
  if (verb != "spawned") return false;
  track.phase = Phase::spawned;
  track.pid = static_cast<pid_t>(words.number());
  track.started.from = words.number();
  track.started.until = words.number();
  track.share.vcpus = parse_number(words.next()).value_or(0);
  track.share.memory_mib = words.number();
  track.share.pool = words.rest();
  return words.is_sound();
}

// What another version has written may be about processes that run.
Result<void> check_version(std::string_view head_line) {
  Words words(head_line);
  if (words.next() != head_word || words.next() == head_version) return {};
  return Error(ErrorCode::unsupported, "the journal of the executor is of another version",
               "Let what runs come to its end under the server that has started it.");
}

Result<JournalContent> content_of(std::string_view text) {
  JournalContent content;
  Tracks tracks;
  // The last line has no end where the writer was killed within it; it was not relied upon yet.
  std::vector<std::string_view> lines = split(text, '\n');
  lines.pop_back();
  if (!lines.empty()) TRY(check_version(lines[0]));
  if (lines.empty() || concat(lines[0], "\n") != head()) content.trust = Trust::other_life;
  for (size_t at = 1; at < lines.size(); ++at) {
    if (!take_line(lines[at], tracks) && content.trust == Trust::whole)
      content.trust = Trust::damaged;
  }
  for (auto& [name, track] : tracks) content.tracks.push_back(std::move(track));
  return content;
}

std::string spawned_line(const Track& track) {
  return concat("spawned ", to_name(track.attempt), " ", track.pid, " ", track.started.from, " ",
                track.started.until, " ", track.share.vcpus, " ", track.share.memory_mib, " ",
                on_one_line(track.share.pool), "\n");
}

}  // namespace

std::string host_life() {
  const auto boot = world::read_file("/proc/sys/kernel/random/boot_id");
  const auto pids = world::read_symlink("/proc/self/ns/pid");
  return concat(boot ? trim(*boot) : "unknown", " ", pids ? *pids : "unknown");
}

std::string line_of(const Track& track) {
  const std::string name = to_name(track.attempt);
  const int64_t at = track.ended_at.time_since_epoch().count();
  const Ending& ending = track.ending;
  switch (track.phase) {
    case Phase::begun:
      return concat("begin ", name, "\n");
    case Phase::spawned:
      return spawned_line(track);
    case Phase::lost:
      return concat("lost ", name, " ", at, " ", on_one_line(ending.reason), "\n");
    case Phase::ended:
      break;
  }
  const char flag = ending.is_out_of_memory ? 'm' : ending.is_host_lost ? 'h' : '-';
  return concat("ended ", name, " ", at, " ", ending.status, " ", flag, " ",
                on_one_line(ending.reason), "\n");
}

std::string settled_line(const Attempt& attempt) {
  return concat("settled ", to_name(attempt), "\n");
}

Result<JournalContent> Journal::read(const std::string& directory) {
  const std::string path = path_in(directory);
  if (!world::exists(path)) return JournalContent{.trust = Trust::damaged};
  return content_of(TRY(world::read_file(path, journal_bytes_max)));
}

Result<Journal> Journal::write(const std::string& directory, const std::vector<Track>& tracks) {
  const std::string path = path_in(directory), fresh = path + ".new";
  std::string text = head();
  for (const Track& track : tracks) {
    // Of one that runs, its first line adds nothing; that of an end does not say when it began.
    const bool has_ended = track.phase == Phase::ended || track.phase == Phase::lost;
    if (has_ended && track.has_started()) text += spawned_line(track);
    text += line_of(track);
  }
  world::FileDescriptor file =
      TRY(world::open_file(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, "cannot write"));
  TRY(world::write_all(file, text, fresh));
  if (::rename(fresh.c_str(), path.c_str()) != 0)
    return errno_error(concat("cannot replace ", path), errno);
  return Journal(path, std::move(file), text.size());
}

bool Journal::is_in_place() const { return is_same_file(file_, path_); }

Result<void> Journal::flush() {
  if (pending_.empty()) return {};
  auto written = world::write_all(file_, pending_, path_);
  if (!written) {
    // A part may be there. What is cut off is still pending.
    if (::ftruncate(file_.number(), static_cast<off_t>(bytes_)) != 0)
      return std::move(written).error().within("the journal is damaged");
    return written;
  }
  bytes_ += pending_.size();
  pending_.clear();
  return {};
}

Result<void> Journal::flush_with(std::string_view lines) {
  const size_t before = pending_.size();
  pending_ += lines;
  auto flushed = flush();
  if (!flushed) pending_.resize(before);
  return flushed;
}

}  // namespace pawl::executors
