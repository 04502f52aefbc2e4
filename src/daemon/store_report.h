#pragma once

#include <string>

#include "cli/interrupt.h"
#include "cli/progress_line.h"
#include "cli/verb.h"
#include "store/check/check.h"

namespace pawl::daemon {

// How far a verb on the store has come, on a line that is replaced in place: for a person only. An
// interrupt ends the work.
class StoreProgress {
 public:
  explicit StoreProgress(const cli::Session& session) : session_(session) {}

  // REQUIRES: this outlives it.
  store::Progress progress();
  void clear() { line_.clear(); }

 private:
  void show(const store::Step& step);

  const cli::Session& session_;
  const cli::Interrupt interrupt_;
  cli::Block line_{session_.terminal};
  cli::RateMeter meter_;
  std::string what_;
  Instant shown_{};
};

// "format 3, 1.2 MB, 4 machines, 200 executions (3 running), …".
std::string summary(const store::CheckReport& report);
json::Value json_of(const store::CheckReport& report);

// All of it, as JSON where that is asked for; and the exit code, which says whether it is sound.
int show_report(const cli::Session& session, const store::CheckReport& report,
                const std::string& path, std::string_view kind);

}  // namespace pawl::daemon
