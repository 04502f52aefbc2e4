#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "executors/executor.h"
#include "executors/local/pools.h"
#include "executors/local/process_table.h"
#include "world/file_descriptor.h"

// What a supervisor must not forget when it is killed: a file of lines, DATA/executor/journal.
//
//   pawl-executor 1 <boot> <namespace>       the head
//   begin <attempt>                          it is about to be started
//   spawned <attempt> <pid> <from> <until> <vcpus> <memory> <pool>
//                                            it was, between these ticks of the machine's clock
//   ended <attempt> <microseconds> <status> <- or m: out of memory, h: host lost> <reason>
//   lost <attempt> <microseconds> <reason>
//   settled <attempt>                        as if it had never been
//
// as in   spawned 0d5e…:17#1 4711 1234567 1234568 1 512 two-slots
//
// No line is synced. A process that is killed loses no byte that it has written, and a power
// failure or a crash of the kernel takes the attempts with it: then the boot in the head is not
// this one, whatever lines are left. An attempt that has no line in a whole journal of this boot
// has never run.
namespace pawl::executors {

// Tells one life of this machine, or of the container that we are in, from all others.
std::string host_life();

enum class Phase { begun, spawned, ended, lost };

// What is known of one attempt that is not settled.
struct Track {
  Attempt attempt;
  Phase phase = Phase::begun;
  pid_t pid = 0;
  TickSpan started = {};
  Share share = {};
  Instant ended_at = {};
  Ending ending = {};  // of `lost`, its reason

  // As far as is known, and in this life of the machine.
  bool has_started() const { return started.until > 0; }
};

// What a line says of a track.
std::string line_of(const Track& track);
std::string settled_line(const Attempt& attempt);

enum class Trust {
  whole,       // no line means: never run
  other_life,  // all that ran then has died with the host
  damaged,     // lines are missing
};

struct JournalContent {
  Trust trust = Trust::whole;
  std::vector<Track> tracks = {};  // of what is not settled
};

class Journal {
 public:
  // Of a journal that is missing: damaged. So there is to be one before anything is handed over.
  static Result<JournalContent> read(const std::string& directory);
  // Begins a new file that holds these tracks only, in the place of the old one.
  static Result<Journal> write(const std::string& directory, const std::vector<Track>& tracks);

  // Adds a line at the next flush.
  void add(std::string_view line) { pending_ += line; }
  // What cannot be written stays for the next time.
  Result<void> flush();
  // Writes these lines, too, or else forgets them.
  Result<void> flush_with(std::string_view lines);
  uint64_t bytes() const { return bytes_; }
  // False where someone has removed it: what is written will be read by nobody.
  bool is_in_place() const;

 private:
  Journal(std::string path, world::FileDescriptor file, uint64_t bytes)
      : path_(std::move(path)), file_(std::move(file)), bytes_(bytes) {}

  std::string path_;
  world::FileDescriptor file_;
  std::string pending_;
  uint64_t bytes_ = 0;  // whole lines that the file has
};

}  // namespace pawl::executors
