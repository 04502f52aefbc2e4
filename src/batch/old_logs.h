#pragma once

#include <future>
#include <set>
#include <string>

#include "base/time.h"

namespace pawl::batch {

// What attempts have written goes with their job. A crash between the two leaves logs of no job, so
// they are looked for on the disk, on a thread of its own: to remove thousands of files takes time.
class OldLogs {
 public:
  // A directory for each job is in this one, under the job's id.
  explicit OldLogs(std::string directory) : directory_(std::move(directory)) {}

  // Those of no such job that were last written to before. Nothing where the last time still goes
  // on.
  void remove_but(std::set<std::string> job_ids, Instant before);
  void wait() const;  // for the removal that goes on

 private:
  const std::string directory_;
  std::future<void> removal_;  // waits for it in the end
};

}  // namespace pawl::batch
