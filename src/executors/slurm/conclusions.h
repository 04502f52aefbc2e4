#pragma once

#include <string>
#include <vector>

#include "executors/slurm/submissions.h"

namespace pawl::executors {

// What has become of attempts, on its way to whoever is told. It is told once it is durable.
class Conclusions {
 public:
  Conclusions(Submissions& submissions, Reports& reports)
      : submissions_(submissions), reports_(reports) {}

  void started(const Attempt& attempt, Instant at, std::string where);
  // REQUIRES: the child is open; where the outcome is that it did not start, it is refused.
  void conclude(Submission& submission, Child& child, Instant at, Outcome outcome);
  // Of an attempt that was never written down here.
  void not_started(const Attempt& attempt, std::string why);

  void tell();

 private:
  struct Telling {
    Attempt attempt;
    Instant at;
    bool is_start = false;
    std::string where = {};
    Outcome outcome = {};
  };

  bool are_claims_durable();

  Submissions& submissions_;
  Reports& reports_;
  std::vector<Telling> waiting_;
};

}  // namespace pawl::executors
