#pragma once

#include <map>
#include <optional>

#include "executors/local/ledger.h"

namespace pawl::executors {

// Processes that have lost their parent and are ours now: what attempts have left running. As in a
// container, they do not outlive the program of their attempt.
class Orphans {
 public:
  // To be called when children have ended: only then can there be others.
  void sweep(Ledger& ledger);
  // As of the last sweep, those that it has killed included.
  bool are_there() const { return !orphans_.empty(); }

 private:
  // To whose attempt they belong; nothing where they do not show it. Those live until no attempt
  // runs.
  std::map<pid_t, std::optional<Attempt>> orphans_;
};

}  // namespace pawl::executors
