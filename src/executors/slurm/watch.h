#pragma once

#include <string>
#include <vector>

#include "executors/slurm/cluster.h"
#include "executors/slurm/conclusions.h"
#include "world/clock.h"

namespace pawl::executors {

// What a watch looks at, and whom it tells.
struct Surroundings {
  const SlurmOptions& options;
  Submissions& submissions;
  Cluster& cluster;
  Conclusions& conclusions;
  world::Clock& clock;
};

// Follows what was handed over until it is over: reads the files that the attempts write, asks
// Slurm for its queue, and decides.
class Watch {
 public:
  explicit Watch(const Surroundings& surroundings) : is_(surroundings) {}

  Result<void> take_up(const std::vector<Attempt>& known);
  void stop(const Attempt& attempt);
  void settle(const Attempt& attempt);
  // Once in each interval, for all: what needs no word of Slurm first, and then the rest.
  void read_files();
  void look();
  // Tells Slurm, in one call, of all that shall not run.
  void cancel();
  // A node will not run it. REQUIRES: the child is open.
  void refuse(Submission& submission, Child& child, Outcome outcome);
  // Slurm has it under this number.
  void note_slurm_job(Submission& submission, int64_t slurm_job);
  bool does_slurm_answer() const { return does_answer_; }

 private:
  void read_files(Submission& submission);
  void read_claim(Submission& submission, Child& child);
  void read_exit(Submission& submission, Child& child);
  bool read_queue();
  void open_listing();
  void sight(const Sighting& sighting);
  void sight_child(Child& child, State state, std::string_view words);
  void close_listing(Submission& submission, Steady::time_point began);
  void set_answers(const Result<void>& answer);
  void look_at(Submission& submission, bool has_answer);
  void apply(Submission& submission, Child& child, Verdict verdict);
  void conclude(Submission& submission, Child& child, Outcome outcome);

  Surroundings is_;
  bool does_answer_ = true;
};

}  // namespace pawl::executors
