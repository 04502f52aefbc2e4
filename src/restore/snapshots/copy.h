#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "world/cancellation.h"

namespace pawl::restore {

// How a tree of files is copied: in parallel, every byte checked against the backup manifest
// (CRC-32C or SHA-2), files that are there already with the right size and checksum skipped, each
// file written under a temporary name, everything synced before the call returns. Memory is a fixed
// buffer for each thread, whatever the size.
struct CopyOptions {
  int threads = 4;
  // Owner to give the copies, or none. Needs root.
  std::string account;
  // Bytes that may still be written below the target's region; the copy stops with out_of_space
  // before it would pass them.
  std::optional<uint64_t> space;
  // Share blocks with the source where the file system can (FICLONE).
  bool may_share_blocks = true;
};

struct CopyReport {
  uint64_t bytes_total = 0, bytes_copied = 0, bytes_skipped = 0, bytes_shared = 0;
  uint64_t files = 0;
};

using CopyProgress = std::function<void(uint64_t bytes_done, uint64_t bytes_total)>;

// Copies the base backup in `source` (its backup_manifest says what is in it; pg_wal comes along)
// to `target`. Errors: corrupt names the file and both checksums; out_of_space; cancelled; what is
// written so far stays and is skipped the next time.
Result<CopyReport> copy_backup(const std::string& source, const std::string& target,
                               const CopyOptions& options, const CopyProgress& progress,
                               const world::Cancellation& cancellation);

// Reads the whole backup and checks it against its manifest and WAL list, as a copy does. Error:
// corrupt names the file.
Result<void> verify_backup(const std::string& source, int threads,
                           const world::Cancellation& cancellation);

// Whether both directories are on one file system that can share blocks.
bool can_share_blocks(const std::string& source, const std::string& target);

}  // namespace pawl::restore
