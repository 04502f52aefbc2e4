#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <csignal>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "executors/local/attempt_name.h"
#include "executors/local_executor.h"
#include "world/scratch_directory.h"

namespace pawl::executors {

// What was reported, to wait for.
class HeardReports : public Reports {
 public:
  struct Heard {
    int started = 0, ended = 0, not_started = 0, lost = 0;
    std::string where, why;
    Instant began, stopped;  // as told last
    Ending ending;
    bool is_over() const { return ended + not_started + lost > 0; }
  };

  void started(const Attempt& attempt, Instant at, std::string where) override {
    change(attempt, [&](Heard& heard) { ++heard.started, heard.where = where, heard.began = at; });
  }
  void ended(const Attempt& attempt, Instant at, Ending ending) override {
    change(attempt,
           [&](Heard& heard) { ++heard.ended, heard.ending = ending, heard.stopped = at; });
  }
  void not_started(const Attempt& attempt, std::string why) override {
    change(attempt, [&](Heard& heard) { ++heard.not_started, heard.why = why; });
  }
  void lost(const Attempt& attempt, std::string why) override {
    change(attempt, [&](Heard& heard) { ++heard.lost, heard.why = why; });
  }

  Heard wait_for(const Attempt& attempt, const std::function<bool(const Heard&)>& is_enough) {
    std::unique_lock lock(mutex_);
    const bool came =
        changed_.wait_for(lock, seconds(60), [&] { return is_enough(heard_[to_name(attempt)]); });
    EXPECT_TRUE(came) << "nothing more is heard of " << to_name(attempt);
    return heard_[to_name(attempt)];
  }
  Heard wait_for_end(const Attempt& attempt) {
    return wait_for(attempt, [](const Heard& heard) { return heard.is_over(); });
  }
  // The process of the attempt, once it has started.
  pid_t wait_for_pid(const Attempt& attempt) {
    const Heard heard = wait_for(attempt, [](const Heard& heard) { return heard.started > 0; });
    return static_cast<pid_t>(std::stoi(heard.where.substr(std::string("pid ").size())));
  }
  Heard of(const Attempt& attempt) {
    const std::lock_guard lock(mutex_);
    return heard_[to_name(attempt)];
  }

 private:
  void change(const Attempt& attempt, const std::function<void(Heard&)>& how) {
    const std::lock_guard lock(mutex_);
    how(heard_[to_name(attempt)]);
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Heard> heard_;
};

void touch(const std::string& path);
// The number that a script writes into the file.
pid_t pid_in(const std::string& path);
// One that has ended may wait for its new parent to ask for its status.
bool is_alive(pid_t pid);
void wait_until_dead(pid_t pid);

// A directory with an executor on it. The supervisor is this program, too: supervisor_main_test.cc.
class ExecutorRig {
 public:
  explicit ExecutorRig(Duration grace = seconds(30)) : grace_(grace) {}
  ~ExecutorRig();

  // A server that knows these attempts from before. The one before it has gone without a word.
  void open(const std::vector<Attempt>& known = {});
  void close() { executor_.reset(); }
  // Nothing is left of it on return.
  void end_supervisor(int signal);
  // 0 where none runs.
  pid_t supervisor_pid() const;

  Executor& executor() { return *executor_; }
  HeardReports& reports() { return *reports_; }
  std::string path(const std::string& name) const { return scratch_ / name; }

  // What /bin/sh does with the script, here.
  Batch shell(const std::string& job_id, const std::string& script) const;
  Attempt run(const Batch& batch);
  std::string log_of(const Attempt& attempt) const;

 private:
  pid_t child_supervisor() const;

  const world::ScratchDirectory scratch_;
  const Duration grace_;
  std::unique_ptr<HeardReports> reports_;
  std::unique_ptr<Executor> executor_;
};

}  // namespace pawl::executors
