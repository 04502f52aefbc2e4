#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/sim_random.h"

namespace pawl::sim {

// What a disk holds of each file, apart from what processes see of it: they see every write at
// once, as through the page cache, and the disk has it for certain only after a sync. A file that
// was never synced may be missing when the power fails.
//
// It also counts the calls that reach it, and fails those that a test chooses.
class FaultyDisk {
 public:
  // Chance says what a power failure, or a sync that fails, leaves.
  explicit FaultyDisk(uint64_t seed) : chance_(seed) {}

  enum class Fault {
    none,
    error,  // EIO: nothing of the call is done
    full,   // ENOSPC, for what writes; other calls are done
    torn,  // half of a write is done, and then EIO; a read ends with ESTALE, others as with `error`
  };
  enum class Lasts { one_call, from_then_on };

  // The n-th call from now on, 1 is the next, fails.
  void fail_call(size_t number, Fault fault, Lasts lasts);
  void fail_no_more() { failing_call_.reset(); }
  // Calls of a test itself neither fail nor count.
  void pause(bool is_paused) { is_paused_ = is_paused; }
  // Whether a call has failed since a fault was last asked for.
  bool has_failed() const { return has_failed_; }

  // The power fails: what the disk has of a file now. Of each write that was not synced, and of
  // each sector of it, chance says whether it is there; nullopt where the file itself is not.
  std::optional<std::string> after_power_failure(const std::string& path);

  // For those who carry out calls: how the next one goes.
  Fault next_call(bool writes);

  // What has been done.
  void opened(const std::string& path, std::string contents);
  void wrote(const std::string& path, int64_t offset, std::string_view bytes);
  void truncated(const std::string& path, int64_t size);
  void synced(const std::string& path);
  // What was not on the disk may stay away for ever, whatever later syncs say: Linux takes the
  // pages for clean.
  void failed_to_sync(const std::string& path);
  void removed(const std::string& path);
  void moved(const std::string& from, const std::string& to);

 private:
  struct Change {
    int64_t offset = 0;                // of a write; of a truncation the new size
    std::optional<std::string> bytes;  // nullopt: a truncation
  };
  struct File {
    bool is_durable = false;  // its name
    std::string synced;
    std::vector<Change> unsynced;
  };
  static void apply(const Change& change, std::string& contents);
  void apply_sectors(const Change& change, std::string& contents);

  SimRandom chance_;
  std::map<std::string, File> files_;
  std::optional<size_t> failing_call_;
  Fault fault_ = Fault::none;
  Lasts lasts_ = Lasts::one_call;
  size_t calls_ = 0;
  bool has_failed_ = false, is_paused_ = false;
};

}  // namespace pawl::sim
