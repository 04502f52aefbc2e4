#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <numeric>

#include "executors/slurm_executor.h"
#include "slurm_cluster.h"
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
    batch.work.log_directory = cluster_->logs();
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
  world::OsProcesses processes_;
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
    EXPECT_EQ(world::read_file(concat(cluster_->logs(), '/', index, ".1.log")).value(),
              concat("child ", index, '\n'));
  }
}

}  // namespace
}  // namespace pawl::executors
