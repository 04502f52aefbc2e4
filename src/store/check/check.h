#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/progress.h"

namespace pawl::store {

// Something in a store that is not as it was written, or that the disk does not give.
struct Finding {
  std::string place;  // "the journal's row 17", "execution arn:…"
  std::string what;   // "is damaged"
  std::string hint;
  bool is_unread = false;  // it may be as it was written
};

struct CheckReport {
  int64_t format = 0;
  uint64_t bytes = 0;
  int64_t machines = 0, executions = 0, running = 0, texts = 0, journal_rows = 0, records = 0;
  int64_t unchecked_rows = 0;     // older than checksums of rows: what is in them cannot be told
  std::vector<Finding> findings;  // the first of them
  uint64_t findings_left_off = 0;

  bool is_sound() const { return findings.empty(); }
  bool is_damaged() const {
    return !std::ranges::all_of(findings, [](const Finding& each) { return each.is_unread; });
  }
};

// Reads all of a store: SQLite's own structure, every text against its hash, every row
// against its checksum, every history back to its beginning, and that whatever one row
// names in another is there. Of an older format as much is read as it has.
// Changes nothing; damage is in the report. Errors: not_found; unsupported, of a newer format;
// cancelled; whatever keeps the file from being read.

// A server may be using the file: what is committed at the beginning is read.
Result<CheckReport> check_data_file(const std::string& path, const Progress& progress = {});
// A file of back_up(), first against its seal (backup/seal.h).
Result<CheckReport> check_backup(const std::string& path, const Progress& progress = {});
// A file that nobody writes.
Result<CheckReport> check_quiet_file(const std::string& path, const Progress& progress = {});

}  // namespace pawl::store
