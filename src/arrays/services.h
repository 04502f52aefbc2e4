#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "objects/buckets.h"

namespace pawl::arrays {

struct Settings {
  std::string volume;         // the directory that the server and all nodes share
  std::string worker;         // the program of the three steps
  std::string log_directory;  // a folder for each job, named by its id
  // Rules of safety that may be broken, each with the reason why.
  std::map<std::string, std::string> accepted = {};
};

// One step of every node: a job definition that is submitted to a queue.
struct Step {
  std::string name, job_definition, job_queue;
};

// What became of a job of a run, as far as it is known.
struct JobStanding {
  std::string id = {}, name = {}, status = {};
  int64_t first_node = 0;
  int64_t size = 1, succeeded = 0, failed = 0, running = 0;
  bool is_array = false, has_ended = false;
  std::vector<int64_t> failed_nodes = {};  // ascending
  // Of the first child that failed by itself and not for another one, and how many such there are.
  std::string reason = {};
  int64_t failed_by_themselves = 0;
};

// What the functions of this room work with, wired by the daemon. Everything outlives them.
struct Services {
  const Settings& settings;
  const objects::Settings& bucket_settings;
  const objects::Buckets& buckets;
  // Of all jobs that were submitted with this PAWL_RUN_DIRECTORY, in the order of submission.
  std::function<Result<std::vector<JobStanding>>(const std::string& run_directory)> jobs_of;
  // Which of these there are not, in words: "job queue q".
  std::function<Result<std::vector<std::string>>(const std::vector<Step>& steps)> missing_of;
  // What jobs would lack that are run by it ("local", "slurm"), in words.
  std::function<std::vector<std::string>(const std::string& executor)> missing_of_executor;
  // "RUNNING", "SUCCEEDED", …; empty where the execution is not known.
  std::function<std::string(const std::string& execution_arn)> status_of;
};

}  // namespace pawl::arrays
