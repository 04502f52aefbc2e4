#include "executors/local_executor.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "base/text.h"
#include "executors/local/executor_rig.h"
#include "world/files.h"

namespace pawl::executors {
namespace {

using ::testing::HasSubstr;

constexpr auto job = "0d5e1c1e-0000-4000-8000-000000000001";

bool is_alive(pid_t pid) { return ::kill(pid, 0) == 0; }

TEST(local_executor, tells_how_an_attempt_has_ended) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, "echo out; echo error >&2; exit 7"));
  const auto heard = rig.reports().wait_for_end(attempt);
  EXPECT_EQ(heard.started, 1);
  EXPECT_EQ(heard.ended, 1);
  EXPECT_EQ(heard.ending.status, 7);
  EXPECT_EQ(rig.log_of(attempt), "out\nerror\n");
}

TEST(local_executor, tells_the_signal_that_has_ended_an_attempt) {
  ExecutorRig rig;
  rig.open();
  EXPECT_EQ(rig.reports().wait_for_end(rig.run(rig.shell(job, "kill -SEGV $$"))).ending.status,
            128 + SIGSEGV);
}

TEST(local_executor, runs_a_child_in_its_environment_and_directory) {
  ExecutorRig rig;
  rig.open();
  Batch batch = rig.shell(job, "env | grep -E 'AWS|PATH|HOME|MINE' | sort; pwd; cat");
  batch.work.environment.push_back("MINE=a b");
  batch.is_array = true;
  batch.indexes = {3, 17};
  batch.number = 2;
  rig.executor().start(batch);
  for (const int index : {3, 17}) {
    const Attempt attempt{job, index, 2};
    EXPECT_EQ(rig.reports().wait_for_end(attempt).ending.status, 0);
    EXPECT_EQ(rig.log_of(attempt),
              concat("AWS_BATCH_JOB_ARRAY_INDEX=", index, "\nAWS_BATCH_JOB_ATTEMPT=2\n",
                     "AWS_BATCH_JOB_ID=", job, ":", index, "\nAWS_BATCH_JQ_NAME=queue\n",
                     "HOME=/nowhere\nMINE=a b\nPATH=/usr/bin:/bin\n", batch.work.directory, "\n"));
  }
}

TEST(local_executor, finds_what_runs_and_what_has_ended_after_a_server_has_died) {
  ExecutorRig rig;
  rig.open();
  const Attempt ends = rig.run(rig.shell("ends", "exit 3"));
  const Attempt runs = rig.run(rig.shell("runs", "while [ ! -e go ]; do sleep 0.01; done; exit 4"));
  const Attempt settled = rig.run(rig.shell("settled", "exit 5"));
  rig.reports().wait_for_end(ends);
  rig.reports().wait_for_end(settled);
  rig.executor().settle(settled);
  const pid_t pid = rig.reports().wait_for_pid(runs);
  const Attempt never{"never", std::nullopt, 1};

  rig.open({ends, runs, never});
  EXPECT_EQ(rig.reports().wait_for_end(ends).ending.status, 3);
  EXPECT_EQ(rig.reports().wait_for_pid(runs), pid);
  EXPECT_EQ(rig.reports().wait_for_end(never).not_started, 1);
  ASSERT_TRUE(world::write_file_atomically(rig.path("go"), "", 0600));
  EXPECT_EQ(rig.reports().wait_for_end(runs).ending.status, 4);
  EXPECT_EQ(rig.reports().of(settled).ended, 0);
}

TEST(local_executor, tells_an_end_that_no_server_was_there_to_hear) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, "while [ ! -e go ]; do sleep 0.01; done; exit 4"));
  const pid_t pid = rig.reports().wait_for_pid(attempt);
  rig.close();
  ASSERT_TRUE(world::write_file_atomically(rig.path("go"), "", 0600));
  while (is_alive(pid)) ::usleep(1000);
  rig.open({attempt});
  EXPECT_EQ(rig.reports().wait_for_end(attempt).ending.status, 4);
}

TEST(local_executor, stops_what_the_next_server_does_not_name) {
  ExecutorRig rig;
  rig.open();
  const pid_t pid = rig.reports().wait_for_pid(rig.run(rig.shell(job, "sleep 1000")));
  rig.open();
  while (is_alive(pid)) ::usleep(1000);
}

TEST(local_executor, runs_an_attempt_once_that_is_handed_over_twice) {
  ExecutorRig rig;
  rig.open();
  const Batch batch = rig.shell(job, "echo ran");
  rig.run(batch);
  const Attempt attempt = rig.run(batch);
  rig.reports().wait_for(attempt, [](const auto& heard) { return heard.ended >= 1; });
  rig.run(batch);
  rig.reports().wait_for(attempt, [](const auto& heard) { return heard.ended >= 2; });
  EXPECT_EQ(rig.log_of(attempt), "ran\n");
}

TEST(local_executor, stops_an_attempt_that_obeys) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, "sleep 1000"));
  rig.reports().wait_for_pid(attempt);
  rig.executor().stop(attempt);
  EXPECT_EQ(rig.reports().wait_for_end(attempt).ending.status, 128 + SIGTERM);
}

TEST(local_executor, kills_an_attempt_that_does_not_obey) {
  ExecutorRig rig(milliseconds(50));
  rig.open();
  const Attempt attempt =
      rig.run(rig.shell(job, "trap '' TERM; touch deaf; while :; do sleep 0.01; done"));
  while (!world::exists(rig.path("deaf"))) ::usleep(1000);
  rig.executor().stop(attempt);
  EXPECT_EQ(rig.reports().wait_for_end(attempt).ending.status, 128 + SIGKILL);
}

TEST(local_executor, keeps_a_supervisor_only_once_it_is_needed) {
  ExecutorRig rig;
  rig.open();
  rig.open();
  EXPECT_EQ(rig.supervisor_pid(), 0);
}

}  // namespace
}  // namespace pawl::executors
