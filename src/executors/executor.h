#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace pawl::executors {

// One attempt of a job, or of one child of an array job. It is the name under which everyone speaks
// of it, also after a crash: the same attempt handed over twice is run once.
struct Attempt {
  std::string job_id;            // a UUID
  std::optional<int32_t> index;  // of a child of an array
  int32_t number = 1;            // from 1

  bool operator==(const Attempt&) const = default;
};

// What is to be run, the same for all children of an array.
struct Work {
  std::string job_id, job_name, queue;
  std::vector<std::string> command;      // the first is the program: a path, or a name in PATH
  std::vector<std::string> environment;  // "NAME=value"; with PATH and HOME the whole of it
  std::string directory;                 // to run in
  std::string log_directory;             // each attempt writes <index or "job">.<number>.log there
  double vcpus = 1;
  int64_t memory_mib = 0;  // at most; 0: no limit
};

// Room that attempts share. An executor is handed some more than fit, so that no room stands empty
// while an end is made durable: those wait inside the executor, in the order of their handing over.
struct Pool {
  std::string name;        // of a compute environment
  double vcpus = 1;        // at once, at most
  int64_t memory_mib = 0;  // the same; 0: no limit
};

// Attempts that may run now. To the environment of each is added what the AWS Batch user guide,
// "Job environment variables", names: AWS_BATCH_JOB_ID (<job>:<index> of a child),
// AWS_BATCH_JOB_ATTEMPT, AWS_BATCH_JQ_NAME, AWS_BATCH_JOB_ARRAY_INDEX.
struct Batch {
  Work work;
  Pool pool;  // as it is now: a change holds for what waits already
  bool is_array = false;
  std::vector<int32_t> indexes;  // of an array: ascending
  int32_t number = 1;            // of the attempt
  // A job that this executor has, too: each child here may start only once the child of that index
  // there has succeeded. Only for an executor that gates.
  std::string after_job_id = {};
};

struct Ending {
  int status = 0;  // the exit status, or 128 + the signal
  bool is_out_of_memory = false;
  bool is_host_lost = false;  // the machine went away, not the program
  std::string reason = {};    // in words, where there is more to say than the status
};

// Where an executor tells what has become of attempts. Any thread, never blocks. What is told twice
// counts once.
class Reports {
 public:
  virtual ~Reports() = default;
  virtual void started(const Attempt& attempt, Instant at, std::string where) = 0;
  // Told again at every start of the server until it is settled.
  virtual void ended(const Attempt& attempt, Instant at, Ending ending) = 0;
  // It has never run, for certain, and never will: handing it over again is safe.
  virtual void not_started(const Attempt& attempt, std::string why) = 0;
  // It does not run any more, and how it ended cannot be found out.
  virtual void lost(const Attempt& attempt, std::string why) = 0;
};

// Where jobs run. Attempts outlive the server: they go on when it dies, and the next one finds them
// again. Every call but take_up returns at once.
class Executor {
 public:
  virtual ~Executor() = default;

  // First of all: attempts that an earlier process handed over, and whose end was not settled. Each
  // is reported sooner or later. Those that the executor runs and that are not named are stopped.
  virtual Result<void> take_up(const std::vector<Attempt>& known) = 0;
  // Each is reported as started once it really runs.
  virtual void start(Batch batch) = 0;
  // TERM to all its processes, KILL after the grace. Its end is reported, or that it did not start
  // where it still waits.
  virtual void stop(const Attempt& attempt) = 0;
  // Its end is durable: what was kept to tell of it may go.
  virtual void settle(const Attempt& attempt) = 0;
  // Whether it takes whole arrays and holds back each child until the one of the same index of
  // another job has succeeded. Otherwise it is handed only what may start now.
  virtual bool gates() const = 0;
  // Lets what runs go on, and reports nothing any more.
  virtual void leave() = 0;
};

}  // namespace pawl::executors
