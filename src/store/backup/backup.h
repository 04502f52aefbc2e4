#pragma once

#include <string>

#include "base/result.h"
#include "store/check/check.h"
#include "store/progress.h"

namespace pawl::store {

struct BackupReport {
  std::string hash;  // SHA-256 of the data file in it
  CheckReport check;
};

// Copies what a store has committed into one file, which is there whole, checked and on the disk,
// or not at all. A server may be using the store and is not held up: the copy is made from one read
// transaction. Errors: already_exists; not_found, without a store; conflict, where another backup
// is being written there; corrupt, where the copy does not pass its check.
Result<BackupReport> back_up(const std::string& data_path, const std::string& file,
                             const Progress& progress = {});

struct Restoring {
  std::string file, data_path;
  bool is_replacing = false;  // a store that is there is kept beside, under another name
};
struct RestoreReport {
  std::string kept;  // what was there; empty: nothing
  CheckReport check;
};

// Puts the store of a backup in its place: wholly or, where anything fails, not at all. Errors:
// conflict, where a server uses the place; already_exists; corrupt, where the backup is damaged.
Result<RestoreReport> restore_backup(const Restoring& restoring, const Progress& progress = {});

// Ends a restore that was decided when its process died; the name of what was kept, or nothing.
// REQUIRES: the data lock is held.
Result<std::string> finish_restore(const std::string& data_path);

}  // namespace pawl::store
