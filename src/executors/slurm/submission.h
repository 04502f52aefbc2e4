#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "executors/executor.h"
#include "executors/slurm/sighting.h"

namespace pawl::executors {

// What one call of sbatch hands over: one job, or children of an array job whose numbers at Slurm
// are their indexes less an offset.
struct Record {
  std::string name;  // <job id>.<attempt>.<offset>.<unique>, also in Slurm's comment
  std::string job_id, job_name;
  int32_t number = 1;
  bool is_array = false;
  int32_t offset = 0;
  std::vector<int32_t> indexes;  // ascending; of a single job just 0
  double vcpus = 1;
  int64_t memory_mib = 0;
  std::string parent;  // name of the submission whose children come before these, or empty

  Attempt attempt(int32_t index) const;
};

// How an attempt ended, or that it did not run, as a file keeps it:
//   <status>[ out-of-memory| host-lost| lost][: <reason>]
// A script writes the status only. "137 host-lost: NODE_FAIL"
struct Outcome {
  enum class Kind : uint8_t { ended, not_started, lost };
  Kind kind = Kind::ended;
  Ending ending;  // of one that did not start or is lost, just the reason

  bool is_success() const { return kind == Kind::ended && ending.status == 0; }
};

std::string format_exit(const Outcome& outcome);
std::optional<Outcome> parse_exit(std::string_view text);

// The files of a submission, under a directory of its own:
//   record.json          what was handed over; written before sbatch is called
//   slurm-job            its number at Slurm, once that has taken it
//   script               what a node runs
//   attempts/<i>.claim   made by whoever decided first: a node that ran it, or we that it never is
//   attempts/<i>.exit    how it ended
class SubmissionFiles {
 public:
  explicit SubmissionFiles(std::string directory) : directory_(std::move(directory)) {}

  Result<void> create(const Record& record, const std::string& script) const;
  // Error: not_found, where the creation was never finished, or it was abandoned.
  Result<Record> read_record() const;
  bool is_handed_over() const;
  Result<void> note_handed_over(int64_t slurm_job) const;

  struct Seen {
    bool is_claimed = false, has_ended = false;
  };
  // By the name of each attempt.
  Result<std::map<std::string, Seen, std::less<>>> list_attempts() const;

  struct Claim {
    Instant at;
    std::string where;                   // the node
    std::optional<std::string> refusal;  // why it never runs, where we have claimed it
  };
  Result<Claim> read_claim(const std::string& attempt) const;
  struct Exit {
    Instant at;
    Outcome outcome;
  };
  // Nothing where the file is not there, or not whole yet.
  Result<std::optional<Exit>> read_exit(const std::string& attempt) const;
  Result<void> write_exit(const std::string& attempt, const Outcome& outcome) const;
  // From now on no node runs it. False where one does already, or has. Durable once synced.
  Result<bool> refuse(const std::string& attempt, std::string_view why) const;
  Result<void> sync_attempts() const;
  // Afterwards there is no submission here; what is left of it may be removed at leisure.
  void abandon() const;

  std::string script() const { return directory_ + "/script"; }
  std::string attempts() const { return directory_ + "/attempts"; }
  const std::string& directory() const { return directory_; }

 private:
  std::string path(const std::string& attempt, std::string_view suffix) const;

  std::string directory_;
};

}  // namespace pawl::executors
