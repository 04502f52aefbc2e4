#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <numeric>

#include "base/text.h"
#include "executors/slurm_executor.h"
#include "slurm_cluster.h"
#include "world/files.h"
#include "world/os_clock.h"

// The executor on a real Slurm of one node.
namespace pawl::executors {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string key(const Attempt& attempt) {
  return concat(attempt.job_id, ':', attempt.index.value_or(-1), '.', attempt.number);
}

// What has been reported of each attempt.
class Recorder : public Reports {
 public:
  struct Told {
    int starts = 0, endings = 0;
    std::string where, not_started, lost;
    Ending ending;
    Instant started_at, ended_at;
    bool is_over() const { return endings > 0 || !not_started.empty() || !lost.empty(); }
  };

  void started(const Attempt& attempt, Instant at, std::string where) override {
    change(attempt, [&](Told& told) {
      ++told.starts;
      told.started_at = at;
      told.where = where;
    });
  }
  void ended(const Attempt& attempt, Instant at, Ending ending) override {
    change(attempt, [&](Told& told) {
      ++told.endings;
      told.ended_at = at;
      told.ending = ending;
    });
  }
  void not_started(const Attempt& attempt, std::string why) override {
    change(attempt, [&](Told& told) { told.not_started = why; });
  }
  void lost(const Attempt& attempt, std::string why) override {
    change(attempt, [&](Told& told) { told.lost = why; });
  }

  Told told(const Attempt& attempt) {
    const std::lock_guard lock(mutex_);
    return told_[key(attempt)];
  }
  int over() {
    const std::lock_guard lock(mutex_);
    int count = 0;
    for (const auto& [name, told] : told_) count += told.is_over();
    return count;
  }

 private:
  template <typename Change>
  void change(const Attempt& attempt, Change change) {
    const std::lock_guard lock(mutex_);
    change(told_[key(attempt)]);
  }

  std::mutex mutex_;
  std::map<std::string, Told> told_;
};

// Real processes, whose answers may be withheld: what happens on a bad network.
class Witness : public world::Processes {
 public:
  using Answer = std::function<std::optional<Error>()>;

  Result<world::Exit> run(const world::Program& program, Duration limit,
                          const world::Cancellation& cancellation) override {
    if (is_withheld(program)) return Error(ErrorCode::unavailable, "withheld");
    auto exit = real_.run(program, limit, cancellation);
    const std::lock_guard lock(mutex_);
    for (const std::string& argument : program.arguments) {
      ++counts_[argument];
      if (!exit || exit->status != 0) ++failures_[argument];
      if (const auto answer = answers_.find(argument); answer != answers_.end())
        if (auto error = answer->second()) return std::move(*error);
    }
    return exit;
  }
  Result<pid_t> start_detached(const world::Program& program, const std::string& log) override {
    return real_.start_detached(program, log);
  }

  // This program is not even started from now on.
  void withhold(const std::string& name) {
    const std::lock_guard lock(mutex_);
    withheld_ = name;
  }
  void on_end(const std::string& name, Answer answer) {
    const std::lock_guard lock(mutex_);
    answers_[name] = std::move(answer);
  }
  int count(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return counts_[name];
  }
  int count_withheld() {
    const std::lock_guard lock(mutex_);
    return refused_;
  }
  int count_failed(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return failures_[name];
  }

 private:
  bool is_withheld(const world::Program& program) {
    const std::lock_guard lock(mutex_);
    const bool is_withheld =
        std::ranges::find(program.arguments, withheld_) != program.arguments.end();
    refused_ += is_withheld;
    return is_withheld;
  }

  world::OsProcesses real_;
  std::mutex mutex_;
  std::string withheld_ = "none";
  int refused_ = 0;
  std::map<std::string, Answer> answers_;
  std::map<std::string, int> counts_, failures_;
};

class Slurm : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string missing = SlurmCluster::missing(); !missing.empty())
      GTEST_SKIP() << missing;
    cluster_ = std::make_unique<SlurmCluster>();
    open();
  }
  void TearDown() override { executor_.reset(); }

  // A new server, which knows these attempts.
  void open(const std::vector<Attempt>& known = {}) {
    executor_.reset();
    recorder_ = std::make_unique<Recorder>();
    executor_ = open_slurm_executor(options(), processes_, clock_, *recorder_);
    const auto taken = executor_->take_up(known);
    ASSERT_TRUE(taken) << taken.error().text();
  }

  SlurmOptions options() const {
    SlurmOptions options;
    options.directory = cluster_->path_of("executor");
    options.configuration = cluster_->configuration_file();
    options.poll_interval = milliseconds(200);
    options.exit_file_after = seconds(2);
    options.lost_after = lost_after_;
    return options;
  }

  Batch batch(const std::string& job_id, const std::string& script) const {
    Batch batch;
    batch.work.job_id = job_id;
    batch.work.job_name = "a job";
    batch.work.queue = "queue";
    batch.work.command = {"/bin/sh", "-c", script};
    batch.work.environment = {"I=1"};
    batch.work.directory = cluster_->shared();
    batch.work.log_directory = cluster_->logs() + "/made";
    batch.work.memory_mib = 16;
    return batch;
  }
  Batch array(const std::string& job_id, int size, const std::string& script) const {
    Batch array = batch(job_id, "i=$AWS_BATCH_JOB_ARRAY_INDEX; " + script);
    array.is_array = true;
    array.indexes.resize(size);
    std::iota(array.indexes.begin(), array.indexes.end(), 0);
    return array;
  }
  static std::vector<Attempt> attempts(const Batch& batch) {
    std::vector<Attempt> attempts;
    for (const int32_t index : batch.indexes)
      attempts.push_back({batch.work.job_id, index, batch.number});
    return attempts;
  }

  ::testing::AssertionResult are_over(int count) {
    if (comes_true([&] { return recorder_->over() >= count; }))
      return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure()
           << recorder_->over() << " of " << count << " are over; the queue is\n"
           << cluster_->ask("squeue --states=all");
  }
  bool is_shared(const std::string& name) const {
    return world::exists(cluster_->shared() + "/" + name);
  }
  size_t count_shared(const std::string& prefix) const {
    const auto names = world::list_directory(cluster_->shared());
    return std::count_if(names->begin(), names->end(),
                         [&](const std::string& name) { return name.starts_with(prefix); });
  }
  std::string shared(const std::string& name) const {
    return world::read_file(cluster_->shared() + "/" + name).value();
  }

  Duration lost_after_ = minutes(10);
  std::unique_ptr<SlurmCluster> cluster_;
  Witness processes_;
  world::OsClock clock_;
  std::unique_ptr<Recorder> recorder_;
  std::unique_ptr<Executor> executor_;
};

using slurm = Slurm;

constexpr const char* first = "11111111-1111-4111-8111-111111111111";
constexpr const char* second = "22222222-2222-4222-8222-222222222222";

TEST_F(slurm, tells_how_each_child_of_an_array_has_ended) {
  executor_->start(
      array(first, 8, "echo child $i; [ $i != 3 ] || exit 42; [ $i != 5 ] || kill -9 $$"));
  ASSERT_TRUE(are_over(8));
  for (int index = 0; index < 8; ++index) {
    const auto told = recorder_->told({first, index, 1});
    EXPECT_EQ(told.ending.status, index == 3 ? 42 : index == 5 ? 137 : 0) << index;
    EXPECT_EQ(told.ending.reason, "") << index;
    EXPECT_EQ(told.starts, 1);
    EXPECT_EQ(told.endings, 1);
    EXPECT_NE(told.where, "");
    EXPECT_LE(told.started_at, told.ended_at);
    EXPECT_EQ(world::read_file(concat(cluster_->logs(), "/made/", index, ".1.log")).value(),
              concat("child ", index, '\n'));
  }
}

TEST_F(slurm, runs_a_single_job_with_just_its_environment_whatever_the_bytes) {
  std::string bytes;
  for (int byte = 1; byte < 256; ++byte) bytes += static_cast<char>(byte);
  Batch single = batch(first, "");
  single.work.command = {"sh", "-c", "env -0 >environment; printf %s \"$BYTES\" >bytes; pwd >pwd"};
  single.work.environment = {"BYTES=" + bytes + "\r\n'\"$(false)`false`\\", "A=1"};
  executor_->start(single);
  ASSERT_TRUE(are_over(1));
  const auto told = recorder_->told({first, {}, 1});
  EXPECT_EQ(told.ending.status, 0) << told.ending.reason << told.not_started;
  EXPECT_EQ(shared("bytes"), bytes + "\r\n'\"$(false)`false`\\");
  EXPECT_EQ(shared("pwd"), cluster_->shared() + "\n");
  std::vector<std::string> names;
  const std::string environment = shared("environment");
  for (const auto variable : split(environment, '\0'))
    if (!variable.empty()) names.emplace_back(variable.substr(0, variable.find('=')));
  // PWD, SHLVL and _ may come from the shell that runs the command.
  std::erase_if(names, [](const auto& name) {
    return name == "PWD" || name == "_" || name == "SHLVL" || name == "OLDPWD";
  });
  EXPECT_THAT(names,
              ::testing::UnorderedElementsAre("PATH", "HOME", "BYTES", "A", "AWS_BATCH_JOB_ID",
                                              "AWS_BATCH_JOB_ATTEMPT", "AWS_BATCH_JQ_NAME"));
}

TEST_F(slurm, starts_a_child_only_after_its_own_predecessor_has_succeeded) {
  // More children than one array of Slurm may have: both jobs are split.
  const int size = 2 * SlurmCluster::array_size + 7;
  const auto is_bad = [](int index) { return index % 20 == 3; };
  executor_->start(array(first, size, "sleep 0.$((i % 7)); [ $((i % 20)) != 3 ] && touch done-$i"));
  Batch after = array(second, size, "touch seen-$i; [ -e done-$i ]");
  after.after_job_id = first;
  executor_->start(after);
  ASSERT_TRUE(are_over(2 * size));
  // Where Slurm forgets a predecessor before it has looked, it calls it one that never succeeds. So
  // those are handed over again, as the contract has it.
  const auto hand_over_again = [&] {
    std::erase_if(after.indexes, [&](int32_t index) {
      return is_bad(index) || recorder_->told({second, index, 1}).endings > 0;
    });
    if (!after.indexes.empty()) executor_->start(after);
    return after.indexes.empty();
  };
  ASSERT_TRUE(comes_true(hand_over_again));
  for (int index = 0; index < size; ++index) {
    EXPECT_EQ(recorder_->told({first, index, 1}).ending.status, is_bad(index) ? 1 : 0) << index;
    const auto told = recorder_->told({second, index, 1});
    EXPECT_EQ(told.endings, is_bad(index) ? 0 : 1) << index;
    EXPECT_EQ(told.ending.status, 0) << index;
    if (is_bad(index)) {
      EXPECT_THAT(told.not_started, StartsWith("DependencyNeverSatisfied")) << index;
    }
    EXPECT_EQ(is_shared(concat("seen-", index)), !is_bad(index)) << index;
  }
  // Nothing that never runs stays in Slurm's queue.
  EXPECT_TRUE(comes_true([&] { return cluster_->ask("squeue --noheader").empty(); }));
}

TEST_F(slurm, runs_a_child_whose_predecessor_has_succeeded_at_the_second_attempt) {
  executor_->start(array(first, 2, "[ $i = 0 ] || exit 1; sleep 1"));
  Batch after = array(second, 2, "touch seen-$i");
  after.after_job_id = first;
  executor_->start(after);
  ASSERT_TRUE(comes_true([&] { return !recorder_->told({second, 1, 1}).not_started.empty(); }));
  Batch again = array(first, 2, "sleep 1; touch again-$i");
  again.indexes = {1};
  again.number = 2;
  executor_->start(again);
  after.indexes = {1};
  after.work.command.back() += "; [ -e again-$i ]";
  executor_->start(after);
  ASSERT_TRUE(comes_true([&] { return recorder_->told({second, 1, 1}).endings == 1; }));
  EXPECT_EQ(recorder_->told({second, 1, 1}).ending.status, 0);
}

TEST_F(slurm, runs_an_attempt_once_that_is_handed_over_twice) {
  const Batch twice = array(first, 3, "mktemp ran-$i-XXXXXX; sleep 0.5");
  executor_->start(twice);
  executor_->start(twice);
  ASSERT_TRUE(are_over(3));
  executor_->start(twice);
  executor_->start(array(second, 1, "true"));
  ASSERT_TRUE(are_over(4));
  EXPECT_EQ(count_shared("ran-"), 3u);
}

TEST_F(slurm, makes_one_array_of_children_that_are_handed_over_one_by_one) {
  processes_.withhold("squeue");
  executor_->start(batch(second, "true"));
  ASSERT_TRUE(comes_true([&] { return processes_.count_withheld() > 0; }));
  for (const int32_t index : {4, 2, 9, 3}) {
    Batch again = array(first, 10, "true");
    again.indexes = {index};
    executor_->start(again);
  }
  processes_.withhold("none");
  ASSERT_TRUE(are_over(5));
  EXPECT_LE(processes_.count("sbatch"), 3);
}

TEST_F(slurm, stops_what_runs_and_what_waits) {
  // The node has 32 processors: of these, half wait.
  Batch wide = array(first, 8, "touch began-$i; exec sleep 600");
  wide.work.vcpus = 7.5;
  executor_->start(wide);
  ASSERT_TRUE(comes_true([&] { return count_shared("began-") == 4; }));
  for (const Attempt& attempt : attempts(wide)) executor_->stop(attempt);
  ASSERT_TRUE(are_over(8));
  int stopped = 0, not_started = 0;
  for (const Attempt& attempt : attempts(wide)) {
    const auto told = recorder_->told(attempt);
    stopped += told.ending.status == 143;
    not_started += !told.not_started.empty();
  }
  EXPECT_EQ(stopped + not_started, 8);
  EXPECT_GE(not_started, 1);
  EXPECT_EQ(count_shared("began-"), static_cast<size_t>(stopped));
}

TEST_F(slurm, kills_what_does_not_obey) {
  executor_->start(batch(first, "trap '' TERM; touch began; while :; do sleep 1; done"));
  ASSERT_TRUE(comes_true([&] { return is_shared("began"); }));
  executor_->stop({first, {}, 1});
  ASSERT_TRUE(are_over(1));
  EXPECT_EQ(recorder_->told({first, {}, 1}).ending.status, 137);
}

TEST_F(slurm, tells_who_ended_it_when_someone_else_has_cancelled) {
  executor_->start(array(first, 40, "touch began-$i; exec sleep 600"));
  ASSERT_TRUE(comes_true([&] { return count_shared("began-") == 32; }));
  cluster_->ask("scancel --me");
  ASSERT_TRUE(are_over(40));
  for (int index = 0; index < 40; ++index) {
    const auto told = recorder_->told({first, index, 1});
    EXPECT_EQ(told.ending.status, 143) << index;
    EXPECT_THAT(told.ending.reason, AnyOf(HasSubstr("CANCELLED"), HasSubstr("cancelled"))) << index;
  }
}

TEST_F(slurm, reports_nothing_while_the_controller_is_away) {
  executor_->start(
      array(first, 6, "touch began-$i; until [ -e go ]; do sleep 0.1; done; [ $i != 2 ]"));
  executor_->start(array(second, 3, "true"));
  ASSERT_TRUE(comes_true([&] { return count_shared("began-") == 6; }));
  ASSERT_TRUE(are_over(3));
  cluster_->wait_until_saved();
  cluster_->kill_controller();
  // What the controller is not there for waits for it, too.
  const std::string third = "33333333-3333-4333-8333-333333333333";
  executor_->start(array(third, 2, "true"));
  ASSERT_TRUE(comes_true([&] { return processes_.count_failed("squeue") >= 1; }));
  EXPECT_EQ(recorder_->over(), 3);
  cluster_->touch("go");
  ASSERT_TRUE(comes_true([&] { return recorder_->told({first, 0, 1}).endings == 1; }));
  cluster_->start_controller();
  ASSERT_TRUE(are_over(3 + 6 + 2));
  for (int index = 0; index < 6; ++index) {
    EXPECT_EQ(recorder_->told({first, index, 1}).ending.status, index == 2 ? 1 : 0);
    EXPECT_EQ(recorder_->told({first, index, 1}).lost, "");
  }
  EXPECT_EQ(recorder_->told({third, 1, 1}).endings, 1);
}

TEST_F(slurm, finds_everything_again_after_the_server_has_gone) {
  const Batch running =
      array(first, 40, "mktemp ran-$i-XXXXXX; until [ -e go ]; do sleep 0.1; done; [ $i != 2 ]");
  executor_->start(running);
  ASSERT_TRUE(comes_true([&] { return count_shared("ran-") == 32; }));
  executor_.reset();
  cluster_->touch("go");
  ASSERT_TRUE(comes_true([&] { return cluster_->ask("squeue --noheader").empty(); }));
  open(attempts(running));
  ASSERT_TRUE(are_over(40));
  EXPECT_EQ(count_shared("ran-"), 40u);
  for (int index = 0; index < 40; ++index) {
    EXPECT_EQ(recorder_->told({first, index, 1}).ending.status, index == 2 ? 1 : 0) << index;
    executor_->settle({first, index, 1});
  }
  EXPECT_TRUE(comes_true([&] { return world::list_directory(options().directory)->empty(); }));
}

TEST_F(slurm, stops_what_a_new_server_does_not_know) {
  const Batch running =
      array(first, 40, "touch began-$i; until [ -e go ]; do sleep 0.1; done; touch ended-$i");
  executor_->start(running);
  ASSERT_TRUE(comes_true([&] { return count_shared("began-") == 32; }));
  open({{first, 5, 1}, {second, 0, 1}});
  ASSERT_TRUE(comes_true(
      [&] { return split(trim(cluster_->ask("squeue -r --noheader")), '\n').size() == 1; }));
  cluster_->touch("go");
  ASSERT_TRUE(are_over(2));
  EXPECT_EQ(recorder_->told({first, 5, 1}).ending.status, 0);
  EXPECT_NE(recorder_->told({second, 0, 1}).not_started, "");
  EXPECT_EQ(count_shared("ended-"), 1u);
}

TEST_F(slurm, finds_by_its_name_what_a_server_handed_over_and_could_not_note) {
  const Batch once = array(first, 5, "mktemp ran-$i-XXXXXX; until [ -e go ]; do sleep 0.1; done");
  executor_->start(once);
  ASSERT_TRUE(comes_true([&] { return count_shared("ran-") == 5; }));
  executor_.reset();
  const std::string submission = world::list_directory(options().directory)->front();
  ASSERT_TRUE(*world::remove_file(concat(options().directory, '/', submission, "/slurm-job")));
  open(attempts(once));
  executor_->stop({first, 3, 1});
  ASSERT_TRUE(are_over(1));
  EXPECT_EQ(recorder_->told({first, 3, 1}).ending.status, 143);
  cluster_->touch("go");
  ASSERT_TRUE(are_over(5));
  EXPECT_EQ(count_shared("ran-"), 5u);
  EXPECT_EQ(processes_.count("sbatch"), 1);
}

TEST_F(slurm, hands_over_what_an_earlier_server_had_only_written_down) {
  processes_.withhold("sbatch");
  const Batch once = array(first, 5, "mktemp ran-$i-XXXXXX");
  executor_->start(once);
  ASSERT_TRUE(comes_true([&] { return processes_.count_withheld() > 0; }));
  executor_.reset();
  processes_.withhold("none");
  std::vector<Attempt> known = attempts(once);
  known.erase(known.begin());
  open(known);
  ASSERT_TRUE(are_over(4));
  EXPECT_EQ(count_shared("ran-"), 4u);
  EXPECT_EQ(count_shared("ran-0-"), 0u);
}

TEST_F(slurm, does_not_submit_twice_when_the_answer_of_sbatch_is_lost) {
  processes_.on_end("sbatch",
                    [&] { return std::optional(Error(ErrorCode::timed_out, "too late")); });
  const Batch once = array(first, 5, "mktemp ran-$i-XXXXXX");
  executor_->start(once);
  ASSERT_TRUE(are_over(5));
  EXPECT_EQ(count_shared("ran-"), 5u);
  EXPECT_EQ(processes_.count("sbatch"), 1);
}

TEST_F(slurm, runs_an_attempt_once_even_where_slurm_has_it_twice) {
  // Neither the answer of sbatch comes, nor any of squeue from then on.
  std::atomic<bool> is_cut_off{false};
  processes_.on_end("sbatch", [&] {
    is_cut_off = true;
    return std::optional(Error(ErrorCode::timed_out, "too late"));
  });
  processes_.on_end("squeue", [&] {
    return is_cut_off ? std::optional(Error(ErrorCode::failed, "no answer")) : std::nullopt;
  });
  executor_->start(array(first, 5, "mktemp ran-$i-XXXXXX"));
  ASSERT_TRUE(comes_true([&] { return count_shared("ran-") == 5; }));
  const auto names = world::list_directory(options().directory);
  ASSERT_EQ(names->size(), 1u);
  const std::string script = options().directory + "/" + names->front() + "/script";
  cluster_->ask(concat("printf '#!/bin/sh\nexec /bin/sh ", script,
                       "\n' | sbatch --wait --array=0-4 --output=/dev/null"));
  EXPECT_EQ(count_shared("ran-"), 5u);
  ASSERT_TRUE(are_over(5));
  EXPECT_EQ(recorder_->told({first, 4, 1}).ending.status, 0);
}

TEST_F(slurm, says_why_sbatch_refuses) {
  Batch large = array(first, 3, "true");
  large.work.memory_mib = 1'000'000'000;
  executor_->start(large);
  ASSERT_TRUE(are_over(3));
  EXPECT_THAT(recorder_->told({first, 2, 1}).not_started,
              AnyOf(HasSubstr("configuration is not available"), HasSubstr("Memory")));
}

TEST_F(slurm, tells_a_lost_node_from_a_failed_program) {
  // The command, the shell that waits for it, and Slurm's process above them.
  executor_->start(batch(
      first,
      "echo $$ $PPID $(cut -d ' ' -f 4 /proc/$PPID/stat) >pids; touch began; exec sleep 600"));
  ASSERT_TRUE(comes_true([&] { return is_shared("began"); }));
  std::vector<pid_t> running;
  const std::string pids = shared("pids");
  for (const auto pid : split(trim(pids), ' ')) running.push_back(*parse_integer(pid));
  cluster_->lose_node({running.rbegin(), running.rend()});
  ASSERT_TRUE(are_over(1));
  const auto told = recorder_->told({first, {}, 1});
  EXPECT_TRUE(told.ending.is_host_lost);
  EXPECT_NE(told.ending.status, 0);
}

TEST_F(slurm, tells_that_memory_was_too_small) {
  if (!SlurmCluster::can_limit_memory()) GTEST_SKIP() << "cgroup v1 with memory is missing";
  executor_.reset();
  cluster_ = std::make_unique<SlurmCluster>(SlurmCluster::Memory::limited);
  open();
  Batch hungry = batch(
      first, "exec /usr/bin/python3 -c 'import time; x = b\"x\" * (200 << 20); time.sleep(600)'");
  executor_->start(hungry);
  ASSERT_TRUE(are_over(1));
  const auto told = recorder_->told({first, {}, 1});
  EXPECT_TRUE(told.ending.is_out_of_memory) << told.ending.reason;
  EXPECT_NE(told.ending.status, 0);
}

TEST_F(slurm, calls_lost_only_what_slurm_has_not_known_for_long) {
  lost_after_ = seconds(1);
  open();
  executor_->start(array(first, 34, "touch began-$i; until [ -e go ]; do sleep 0.1; done"));
  ASSERT_TRUE(comes_true([&] { return count_shared("began-") == 32; }));
  cluster_->forget_jobs();
  ASSERT_TRUE(are_over(34));
  int lost = 0, not_started = 0;
  for (int index = 0; index < 34; ++index) {
    const auto told = recorder_->told({first, index, 1});
    lost += !told.lost.empty();
    not_started += !told.not_started.empty();
    EXPECT_EQ(told.lost.empty(), !is_shared(concat("began-", index)));
  }
  EXPECT_EQ(lost, 32);
  EXPECT_EQ(not_started, 2);
  cluster_->touch("go");
}

}  // namespace
}  // namespace pawl::executors
