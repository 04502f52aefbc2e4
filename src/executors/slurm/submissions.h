#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "executors/slurm/submission.h"
#include "executors/slurm/verdict.h"
#include "world/processes.h"

namespace pawl::executors {

// Time for waits: it does not jump.
using Steady = std::chrono::steady_clock;

// One attempt of a submission, as the executor follows it.
struct Child {
  enum class Fate : uint8_t { open, succeeded, failed, not_started };

  int32_t index = 0;
  Fate fate = Fate::open;
  bool is_settled = false;
  bool is_silent = false;    // nobody wants to know of it any more
  bool is_refused = false;   // we hold the claim
  bool must_cancel = false;  // at Slurm, as soon as that answers
  Evidence evidence;
  Verdict::Kind waits_for = Verdict::Kind::none;
  Steady::time_point waits_since, cancelled_at;
  std::optional<Instant> ended_at;  // by its exit file

  bool is_open() const { return fate == Fate::open; }
};

struct Submission {
  Submission(Record of, const std::string& directory);

  Record record;
  SubmissionFiles files;
  std::vector<Child> children;  // by index
  bool is_handed_over = false;  // sbatch is not called again
  bool must_look = false;       // Slurm may have taken it; its queue decides
  // Its numbers at Slurm, by the last answer. An old number may by now be that of another job.
  std::vector<int64_t> slurm_jobs;
  // What Slurm says of all that it does not list one by one.
  State rest = State::unseen;
  std::string rest_words;
  bool must_sync = false;  // claims of ours
  int failures = 0;
  Steady::time_point next_try;

  Child* find(int32_t index);
  bool has_open() const;
  bool may_be_at_slurm() const { return must_look || is_handed_over; }
  // Nothing of it is of use any more, but to tell what became of its attempts.
  bool is_settled() const;
  std::string attempt_name(const Child& child) const;
};

// All that was handed over and not forgotten. Their names are those of their directories.
class Submissions {
 public:
  Submissions(std::string directory, world::Processes& processes)
      : directory_(std::move(directory)), processes_(processes) {}

  // All of an earlier process. What it did not finish to write is removed.
  Result<void> load();
  Result<Submission*> add(Record record, const std::string& script);
  std::string directory_of(const std::string& name) const { return directory_ + "/" + name; }

  struct Place {
    Submission* submission = nullptr;
    Child* child = nullptr;
    explicit operator bool() const { return child != nullptr; }
  };
  // The one handed over last.
  Place find(const Attempt& attempt);
  // The last attempt of that child.
  Place find_last(const std::string& job_id, int32_t index);
  Submission* find(std::string_view name);

  // Of jobs that are settled as a whole, and that nothing comes after.
  void forget_settled();
  // Whether Slurm or the files could have something new to say.
  bool must_be_watched() const;

  template <typename Visitor>
  void each(Visitor visit) {
    for (const auto& [order, submission] : by_order_) visit(*submission);
  }

 private:
  void insert(std::unique_ptr<Submission> submission);
  bool is_needed(const std::string& job_id) const;
  void sweep(const std::vector<std::string>& directories);

  std::string directory_;
  world::Processes& processes_;
  // In the order of their handing over, which the last part of the name tells.
  std::map<std::string, std::unique_ptr<Submission>> by_order_;
  std::map<std::string, Submission*, std::less<>> by_name_;
  std::unordered_map<std::string, std::vector<Submission*>> by_job_;
};

}  // namespace pawl::executors
