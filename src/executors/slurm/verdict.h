#pragma once

#include <optional>
#include <string>

#include "executors/slurm/sighting.h"
#include "executors/slurm/submission.h"

namespace pawl::executors {

// All that is known of an attempt that was handed over and has not been reported as over.
struct Evidence {
  bool is_claimed = false;           // by a node: it has begun to run
  bool is_stopping = false;          // we have been asked to stop it
  std::optional<Outcome> exit = {};  // from its exit file
  bool has_answer = false;           // whether Slurm has told its queue this time
  State state = State::unseen;       // in that answer
  std::string words = {};
  // Why it can never start, where an attempt that comes before it has not succeeded.
  std::string unsatisfied = {};
};

// What follows from the evidence now.
struct Verdict {
  enum class Kind : uint8_t {
    none,         // it waits or runs, as it should
    ended,        // as `outcome` says
    refuse,       // it has ended without a claim or shall not begin: claim it, then `outcome` holds
    after_pause,  // `outcome` holds if nothing else is known after SlurmOptions::exit_file_after
    after_silence  // Slurm does not know it; `outcome` holds after SlurmOptions::lost_after
  };
  Kind kind = Kind::none;
  Outcome outcome = {};
};

Verdict judge(const Evidence& evidence);

}  // namespace pawl::executors
