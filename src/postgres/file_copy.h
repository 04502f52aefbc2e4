#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "world/account.h"
#include "world/cancellation.h"

namespace pawl::postgres {

// One file below a directory, to be copied below another.
struct FileToCopy {
  std::string path;
  uint64_t size = 0;
  // Expected checksum: a manifest's algorithm ("CRC32C", "SHA256" …) and its hexadecimal text.
  std::string algorithm, checksum;

  // Set by the copy:
  bool is_vanished = false;  // of a live source: gone before it could be opened
  uint32_t crc = 0;          // CRC-32C of what was copied, unless another algorithm was asked for
  Instant modified{};
};

struct FileCopyOptions {
  std::string source, target;  // directories
  int threads = 4;
  std::optional<world::Account> owner;  // of the copies
  std::optional<uint64_t> space;        // bytes that may be written
  bool may_share_blocks = false;
  // The source is a running server's: files vanish, grow and shrink while they are copied. A file
  // is copied at the size that it was listed with, filled up with zeros, as replay expects it.
  bool is_live = false;
  bool only_reads = false;  // checks the source and writes nothing; `target` means nothing
};

struct FileCopyTotals {
  uint64_t bytes_total = 0, bytes_copied = 0, bytes_skipped = 0, bytes_shared = 0;
};

// Called from any thread, one at a time, at most ten times a second and once at the end.
using CopyProgress = std::function<void(uint64_t bytes_done, uint64_t bytes_total)>;

// Copies the files in parallel, biggest first, one thread a file. The checksum is
// taken while copying. A file that is there already with the right size and checksum is skipped; a
// new one is written under a temporary name and gets its own when it is complete and right. Nothing
// is synced except that the disk is kept busy: see sync_tree. Directories must exist.
//
// Shared blocks are not read, so a shared file is checked for its size only: the source has been
// checked when it was written, and reading it would cost all that sharing saves.
//
// Errors: corrupt names the file and both checksums; out_of_space; cancelled. Files that are
// complete stay, others are removed.
Result<FileCopyTotals> copy_files(std::vector<FileToCopy>& files, const FileCopyOptions& options,
                                  const CopyProgress& progress,
                                  const world::Cancellation& cancellation);

// Makes all that was written below the directory durable, names included (syncfs).
Result<void> sync_tree(const std::string& directory);

// Makes the directories (relative paths, parents first) below `target`, mode 0700.
Result<void> make_tree(const std::string& target, const std::vector<std::string>& directories,
                       const std::optional<world::Account>& owner);

}  // namespace pawl::postgres
