#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/beside/commands.h"
#include "engine/engine.h"
#include "executors/executor.h"
#include "jobs/jobs.h"
#include "json/value.h"
#include "world/clock.h"

namespace pawl::batch {

struct Options {
  std::string log_directory;            // of the output of attempts; a folder for each job in it
  std::string directory;                // where attempts run
  Duration keep_ended = hours(24 * 7);  // then a job that has ended is forgotten
};

// The loop of jobs: decide, commit, act. Commands come from any thread and are answered on the
// loop's thread once what they changed is durable. Its rows are committed by the engine, which is
// the one who writes. After a failed commit it stops, as the engine does.
class JobLoop {
 public:
  JobLoop(Options options, engine::Engine& engine, store::Store& store, world::Clock& clock);
  ~JobLoop();

  // REQUIRES: not started yet; the executor outlives it. Its reports go to reports().
  void add_executor(const std::string& name, executors::Executor& executor);
  executors::Reports& reports();
  const Options& options() const;
  bool has_executor(std::string_view name) const;

  // Folds what the store has, takes up what runs, and begins to turn. REQUIRES: the engine runs.
  Result<void> start();
  // Attempts go on.
  void stop();

  // On the loop's thread: `command` changes the jobs or looks at them, and the reply is called when
  // that is durable. It must not block.
  template <typename T>
  void ask(std::function<Result<T>(jobs::Jobs&, Instant now)> command, engine::Reply<T> reply) {
    commands_.ask(std::move(command), std::move(reply));
  }
  // Called once on the loop's thread with these jobs in their order, when all have ended, or at
  // once where one is not there (null). None is forgotten meanwhile, and one that is retried by
  // hand is waited for again.
  using Told = std::function<void(const std::vector<const jobs::Job*>&)>;
  void when_ended(std::vector<std::string> job_ids, Told told);

 private:
  struct Loop;
  engine::Commands<jobs::Jobs> commands_;
  std::unique_ptr<Loop> loop_;
};

}  // namespace pawl::batch
