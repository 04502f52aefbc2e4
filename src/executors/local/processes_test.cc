#include <gmock/gmock.h>
#include <sys/wait.h>

#include "base/text.h"
#include "executors/local/executor_rig.h"
#include "world/files.h"

// What an attempt does with processes, and what becomes of them.
namespace pawl::executors {
namespace {

using ::testing::HasSubstr;

constexpr auto job = "0d5e1c1e-0000-4000-8000-000000000001";

bool is_alive(pid_t pid) { return ::kill(pid, 0) == 0; }

void wait_until_gone(pid_t pid) {
  while (is_alive(pid)) ::usleep(1000);
}

TEST(local_processes, does_not_let_a_child_in_the_background_outlive_its_attempt) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, "sleep 1000 & echo $! >pid; exit 3"));
  EXPECT_EQ(rig.reports().wait_for_end(attempt).ending.status, 3);
  wait_until_gone(pid_in(rig.path("pid")));
}

TEST(local_processes, does_not_let_a_daemon_outlive_its_attempt) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job,
                                            "(setsid sh -c 'echo $$ >pid; exec sleep 1000' &) ; "
                                            "while [ ! -s pid ]; do sleep 0.01; done"));
  EXPECT_EQ(rig.reports().wait_for_end(attempt).ending.status, 0);
  wait_until_gone(pid_in(rig.path("pid")));
}

TEST(local_processes, lets_a_daemon_live_while_its_attempt_runs) {
  ExecutorRig rig;
  rig.open();
  const Attempt daemon =
      rig.run(rig.shell("daemon",
                        "(setsid sh -c 'echo $$ >pid; exec sleep 1000' &) ; "
                        "while [ ! -e go ]; do sleep 0.01; done; kill $(cat pid)"));
  const pid_t pid = pid_in(rig.path("pid"));
  rig.reports().wait_for_end(rig.run(rig.shell("other", "true")));
  EXPECT_TRUE(is_alive(pid));
  ASSERT_TRUE(world::write_file_atomically(rig.path("go"), "", 0600));
  EXPECT_EQ(rig.reports().wait_for_end(daemon).ending.status, 0);
}

TEST(local_processes, ends_a_daemon_without_environment_when_nothing_runs) {
  ExecutorRig rig;
  rig.open();
  rig.reports().wait_for_end(rig.run(
      rig.shell(job,
                "(env -i /usr/bin/setsid /bin/sh -c 'echo $$ >pid; exec /bin/sleep 1000' &) ; "
                "while [ ! -s pid ]; do sleep 0.01; done")));
  wait_until_gone(pid_in(rig.path("pid")));
}

TEST(local_processes, kills_with_an_attempt_what_has_left_its_group) {
  ExecutorRig rig(milliseconds(50));
  rig.open();
  const Attempt attempt =
      rig.run(rig.shell(job,
                        "trap '' TERM; setsid sh -c 'echo $$ >pid; exec sleep 1000' & "
                        "while :; do sleep 0.01; done"));
  const pid_t pid = pid_in(rig.path("pid"));
  rig.executor().stop(attempt);
  EXPECT_EQ(rig.reports().wait_for_end(attempt).ending.status, 128 + SIGKILL);
  wait_until_gone(pid);
}

TEST(local_processes, stops_what_waits_to_be_started) {
  ExecutorRig rig;
  rig.open();
  Batch batch = rig.shell(job, "sleep 0.01");
  batch.is_array = true;
  for (int index = 0; index < 200; ++index) batch.indexes.push_back(index);
  rig.executor().start(batch);
  for (const int index : batch.indexes) rig.executor().stop({job, index, 1});
  for (const int index : batch.indexes) {
    const auto heard = rig.reports().wait_for_end({job, index, 1});
    EXPECT_EQ(heard.ended + heard.not_started, 1);
  }
}

TEST(local_processes, kills_an_attempt_that_takes_more_memory_than_it_may) {
  ExecutorRig rig;
  rig.open();
  Batch batch = rig.shell(job, "tail -c 300M /dev/zero; sleep 1000");
  batch.work.memory_mib = 50;
  batch.work.command = {
      "sh", "-c",
      "/usr/bin/python3 -c 'b = bytearray(200 << 20); import time; time.sleep(1000)' & wait"};
  const auto heard = rig.reports().wait_for_end(rig.run(batch));
  EXPECT_TRUE(heard.ending.is_out_of_memory);
  EXPECT_EQ(heard.ending.reason, "more than 50 MiB");
  EXPECT_NE(heard.ending.status, 0);
}

TEST(local_processes, counts_memory_once_that_processes_share) {
  ExecutorRig rig;
  rig.open();
  Batch batch = rig.shell(job, "");
  batch.work.memory_mib = 200;
  batch.work.command = {"/usr/bin/python3", "-c",
                        "import os, time\n"
                        "b = b'x' * (60 << 20)\n"
                        "for _ in range(5):\n"
                        "  if os.fork() == 0: time.sleep(1); os._exit(0)\n"
                        "for _ in range(5): os.wait()\n"};
  EXPECT_EQ(rig.reports().wait_for_end(rig.run(batch)).ending.status, 0);
}

TEST(local_processes, runs_thousands_of_attempts_once_each) {
  ExecutorRig rig;
  rig.open();
  Batch batch = rig.shell(job, "");
  batch.work.command = {"/bin/true"};
  batch.is_array = true;
  for (int index = 0; index < 2000; ++index) batch.indexes.push_back(index);
  rig.executor().start(batch);
  for (const int index : batch.indexes) {
    const Attempt attempt{job, index, 1};
    const auto heard = rig.reports().wait_for_end(attempt);
    EXPECT_EQ(heard.started, 1);
    EXPECT_EQ(heard.ended, 1);
    EXPECT_EQ(heard.ending.status, 0);
    rig.executor().settle(attempt);
  }
}

struct Refusal {
  std::string name;
  void (*spoil)(const ExecutorRig& rig, Work& work);
  int status;
  std::string reason;
};

class local_refusals : public ::testing::TestWithParam<Refusal> {};

TEST_P(local_refusals, are_ends_with_a_reason) {
  ExecutorRig rig;
  rig.open();
  Batch batch = rig.shell(job, "true");
  GetParam().spoil(rig, batch.work);
  const auto heard = rig.reports().wait_for_end(rig.run(batch));
  EXPECT_EQ(heard.ended, 1) << heard.why;
  EXPECT_EQ(heard.ending.status, GetParam().status);
  EXPECT_THAT(heard.ending.reason, HasSubstr(GetParam().reason));
  // And all goes on.
  EXPECT_EQ(rig.reports().wait_for_end(rig.run(rig.shell("next", "true"))).ending.status, 0);
}

INSTANTIATE_TEST_SUITE_P(
    , local_refusals,
    ::testing::Values(
        Refusal{"no_command", [](auto&, Work& work) { work.command = {}; }, 126, "is empty"},
        Refusal{"empty_name", [](auto&, Work& work) { work.command = {""}; }, 127, "not in PATH"},
        Refusal{"unknown_program", [](auto&, Work& work) { work.command = {"no-such-program"}; },
                127, "cannot run no-such-program: it is not in PATH"},
        Refusal{"missing_file", [](auto&, Work& work) { work.command = {"/no/such/file"}; }, 127,
                "cannot run /no/such/file: No such file"},
        Refusal{"not_executable", [](auto&, Work& work) { work.command = {"/etc/passwd"}; }, 126,
                "cannot run /etc/passwd: Permission denied"},
        Refusal{"not_a_program",
                [](const ExecutorRig& rig, Work& work) {
                  ASSERT_TRUE(world::write_file_atomically(rig.path("text"), "no program\n", 0700));
                  work.command = {"./text"};
                },
                126, "cannot run ./text: Exec format error"},
        Refusal{"a_directory", [](auto&, Work& work) { work.command = {"/etc"}; }, 126,
                "cannot run /etc: Permission denied"},
        Refusal{"missing_directory", [](auto&, Work& work) { work.directory = "/no/such"; }, 126,
                "cannot enter the directory /no/such: No such file"},
        Refusal{"log_directory_is_a_file",
                [](auto&, Work& work) { work.log_directory = "/etc/passwd"; }, 126, "/etc/passwd"},
        Refusal{"nul_in_command",
                [](auto&, Work& work) { work.command.push_back(std::string("a\0b", 3)); }, 126,
                "the command holds a NUL byte"},
        Refusal{"nul_in_environment",
                [](auto&, Work& work) { work.environment.push_back(std::string("A=\0", 3)); }, 126,
                "the environment holds a NUL byte"},
        Refusal{"long_arguments",
                [](auto&, Work& work) { work.command.push_back(std::string(3 << 20, 'x')); }, 126,
                "Argument list too long"}),
    [](const auto& row) { return row.param.name; });

TEST(local_refusals_of_names, begin_nothing) {
  ExecutorRig rig;
  rig.open();
  for (const std::string name : {"", "a b", "a\nsettled a", "../x"}) {
    const auto heard = rig.reports().wait_for_end(rig.run(rig.shell(name, "true")));
    EXPECT_EQ(heard.not_started, 1);
  }
}

}  // namespace
}  // namespace pawl::executors
