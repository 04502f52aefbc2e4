#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/text.h"
#include "executors/local/executor_rig.h"
#include "executors/local/process_table.h"
#include "executors/local_executor.h"
#include "world/file_lock.h"
#include "world/files.h"
#include "world/spawn.h"

// What is left of attempts where files are taken away, processes are killed and stopped in the
// worst of moments, and messages are as long as they may be.
namespace pawl::executors {
namespace {

using ::testing::HasSubstr;

constexpr auto job = "0d5e1c1e-0000-4000-8000-00000000abcd";
constexpr auto until_go = "while [ ! -e go ]; do sleep 0.01; done; exit 4";
constexpr auto until_go_and_deaf =
    "trap '' TERM; touch deaf; while [ ! -e go ]; do sleep 0.01; done; echo first";

void wait_until_there(const std::string& path) {
  while (!world::exists(path)) ::usleep(1000);
}
struct Spoiling {
  std::string name;
  void (*spoil)(const std::string& journal);
};

class local_journals : public ::testing::TestWithParam<Spoiling> {};

TEST_P(local_journals, hide_no_attempt_that_runs) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, until_go));
  const pid_t pid = rig.reports().wait_for_pid(attempt);
  rig.close();
  rig.end_supervisor(SIGKILL);
  GetParam().spoil(rig.path("executor/journal"));
  rig.open({attempt});
  EXPECT_EQ(rig.reports().wait_for_pid(attempt), pid);
  EXPECT_FALSE(rig.reports().of(attempt).is_over());
  touch(rig.path("go"));
  rig.reports().wait_for_end(attempt);
}

TEST_P(local_journals, hide_nothing_that_nobody_wants) {
  ExecutorRig rig;
  rig.open();
  const pid_t pid = rig.reports().wait_for_pid(rig.run(rig.shell(job, until_go)));
  rig.close();
  rig.end_supervisor(SIGKILL);
  GetParam().spoil(rig.path("executor/journal"));
  rig.open();
  wait_until_dead(pid);
}

INSTANTIATE_TEST_SUITE_P(
    , local_journals,
    ::testing::Values(Spoiling{"gone", [](const auto& path) { ::unlink(path.c_str()); }},
                      Spoiling{"empty", [](const auto& path) { ::truncate(path.c_str(), 0); }},
                      Spoiling{"torn_at_its_head",
                               [](const auto& path) { ::truncate(path.c_str(), 5); }},
                      Spoiling{"of_another_boot",
                               [](const auto& path) {
                                 ASSERT_TRUE(world::write_file_atomically(
                                     path, "pawl-executor 1 another boot\n", 0600));
                               }}),
    [](const auto& row) { return row.param.name; });

// Where a supervisor cannot see whether an attempt runs, it may not say that it does not.
TEST(local_abuse, loses_nothing_for_want_of_descriptors) {
  ExecutorRig rig;
  rig.open();
  Batch batch = rig.shell(job, "exec sleep 1000");
  batch.pool.vcpus = 60;
  batch.is_array = true;
  std::vector<Attempt> attempts;
  std::vector<pid_t> pids;
  for (int index = 0; index < 60; ++index) {
    batch.indexes.push_back(index);
    attempts.push_back({job, index, 1});
  }
  rig.executor().start(batch);
  for (const Attempt& attempt : attempts) pids.push_back(rig.reports().wait_for_pid(attempt));
  rig.close();
  rig.end_supervisor(SIGKILL);
  const std::string program = rig.path("program");
  const std::string script =
      concat("#!/bin/sh\ntest -e ", rig.path("many"), " || ulimit -n 40\nexec ",
             *world::read_symlink("/proc/self/exe"), " \"$@\"\n");
  ASSERT_TRUE(world::write_file_atomically(program, script, 0700));
  HeardReports reports;
  const auto executor =
      open_local_executor({.directory = rig.path("executor"), .program = program}, reports);
  ASSERT_TRUE(executor->take_up(attempts));
  touch(rig.path("many"));
  for (size_t at = 0; at < attempts.size(); ++at) {
    EXPECT_EQ(reports.wait_for_pid(attempts[at]), pids[at]);
    EXPECT_FALSE(reports.of(attempts[at]).is_over());
  }
}

TEST(local_abuse, takes_no_process_of_another_directory_for_its_own) {
  ExecutorRig other, rig;
  other.open();
  const Attempt attempt = other.run(other.shell(job, until_go));
  const pid_t pid = other.reports().wait_for_pid(attempt);
  rig.open();
  ::unlink(rig.path("executor/journal").c_str());
  rig.open({attempt});
  EXPECT_EQ(rig.reports().wait_for_end(attempt).lost, 1);
  EXPECT_TRUE(is_alive(pid));
}

// As systemd --user and the first process of a container are: what loses its parent is given to
// it, and not to process 1.
class Adopting {
 public:
  Adopting() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }
  ~Adopting() { ::prctl(PR_SET_CHILD_SUBREAPER, 0); }
};

TEST(local_abuse, leaves_nothing_of_an_attempt_that_ended_while_no_supervisor_ran) {
  const Adopting adopting;
  ExecutorRig rig;
  rig.open();
  const Attempt attempt =
      rig.run(rig.shell(job, concat("setsid sh -c 'echo $$ >pid; exec sleep 1000' & ", until_go)));
  const pid_t leader = rig.reports().wait_for_pid(attempt), left = pid_in(rig.path("pid"));
  rig.close();
  rig.end_supervisor(SIGKILL);
  touch(rig.path("go"));
  EXPECT_EQ(::waitpid(leader, nullptr, 0), leader);
  EXPECT_TRUE(is_alive(left));
  rig.open({attempt});
  rig.reports().wait_for_end(attempt);
  EXPECT_EQ(::waitpid(left, nullptr, 0), left);
}

TEST(local_abuse, finds_a_daemon_whoever_its_parent_is_now) {
  const Adopting adopting;
  ExecutorRig rig(milliseconds(50));
  rig.open();
  const Attempt attempt = rig.run(rig.shell(
      job, concat("(setsid sh -c 'echo $$ >pid; exec sleep 1000' &); ", until_go_and_deaf)));
  const pid_t leader = rig.reports().wait_for_pid(attempt), daemon = pid_in(rig.path("pid"));
  wait_until_there(rig.path("deaf"));
  rig.close();
  rig.end_supervisor(SIGKILL);
  while (process_row(daemon)->parent != ::getpid()) ::usleep(1000);
  rig.open({attempt});
  rig.executor().stop(attempt);
  rig.reports().wait_for_end(attempt);
  wait_until_dead(daemon);
  for (const pid_t adopted : {leader, daemon}) ::waitpid(adopted, nullptr, 0);
}

TEST(local_abuse, is_reached_again_after_its_socket_was_removed) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, until_go));
  const pid_t pid = rig.reports().wait_for_pid(attempt), supervisor = rig.supervisor_pid();
  rig.close();
  ::unlink(rig.path("executor/socket").c_str());
  rig.open({attempt});
  EXPECT_EQ(rig.reports().wait_for_pid(attempt), pid);
  EXPECT_EQ(rig.supervisor_pid(), supervisor);
  touch(rig.path("go"));
  EXPECT_EQ(rig.reports().wait_for_end(attempt).ending.status, 4);
}

TEST(local_abuse, puts_back_whatever_was_removed_of_its_directory) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, until_go));
  const pid_t pid = rig.reports().wait_for_pid(attempt), supervisor = rig.supervisor_pid();
  for (const std::string name : {"journal", "socket", "lock"})
    ::unlink(rig.path("executor/" + name).c_str());
  for (const std::string name : {"journal", "socket", "lock"})
    wait_until_there(rig.path("executor/" + name));
  while (rig.supervisor_pid() != supervisor) ::usleep(1000);
  rig.end_supervisor(SIGKILL);
  EXPECT_THAT(*world::read_file(rig.path("executor/journal")),
              HasSubstr(concat("spawned ", job, "#1 ", pid)));
}

TEST(local_abuse, ends_where_another_one_holds_the_lock) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, until_go));
  const pid_t pid = rig.reports().wait_for_pid(attempt), supervisor = rig.supervisor_pid();
  rig.close();
  const std::string path = rig.path("executor/lock");
  // It may be quicker, and put the lock back.
  auto lock = world::FileLock::take(path);
  while (!lock) {
    ::unlink(path.c_str());
    lock = world::FileLock::take(path);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(supervisor, &status, 0), supervisor);
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_TRUE(is_alive(pid)) << "it goes on, and the other one has it";
  // Nor does one that finds the lock held wait for it.
  world::Streams streams;
  streams.input = *world::open_file("/dev/null", O_RDWR, "cannot open");
  streams.output = *world::open_file("/dev/null", O_RDWR, "cannot open");
  streams.errors = *world::open_file("/dev/null", O_RDWR, "cannot open");
  world::Program program;
  program.arguments = {*world::read_symlink("/proc/self/exe"), "supervise", "--directory",
                       rig.path("executor")};
  const auto late = world::spawn(program, streams, world::Leads::session);
  ASSERT_TRUE(late);
  EXPECT_EQ(::waitpid(*late, &status, 0), *late);
  EXPECT_EQ(WEXITSTATUS(status), 1);
  lock->release();
  rig.open({attempt});
  EXPECT_EQ(rig.reports().wait_for_pid(attempt), pid);
}

// It would begin what another one may have begun already.
TEST(local_abuse, begins_nothing_after_a_sleep_in_which_it_has_lost_its_place) {
  ExecutorRig rig;
  rig.open();
  Batch batch = rig.shell(
      job, "touch began.$AWS_BATCH_JOB_ARRAY_INDEX; until test -e go; do sleep 0.01; done");
  batch.pool.vcpus = 1;
  batch.is_array = true;
  batch.indexes = {1, 2};
  rig.executor().start(batch);
  const pid_t first = rig.reports().wait_for_pid({job, 1, 1}), supervisor = rig.supervisor_pid();
  ASSERT_EQ(::kill(supervisor, SIGSTOP), 0);
  rig.close();
  ::unlink(rig.path("executor/lock").c_str());
  const auto lock = world::FileLock::take(rig.path("executor/lock"));
  ASSERT_TRUE(lock);
  touch(rig.path("go"));
  wait_until_dead(first);
  ASSERT_EQ(::kill(supervisor, SIGCONT), 0);
  EXPECT_EQ(::waitpid(supervisor, nullptr, 0), supervisor);
  EXPECT_FALSE(world::exists(rig.path("began.2")));
}

TEST(local_abuse, waits_for_room_for_a_log) {
  ExecutorRig rig;
  rig.open();
  const std::string full = rig.path("full");
  ASSERT_TRUE(world::make_directories(full, 0700));
  if (::mount("full", full.c_str(), "tmpfs", 0, "nr_inodes=1") != 0)
    GTEST_SKIP() << "missing: the right to mount a file system";
  Batch batch = rig.shell(job, "exit 5");
  batch.work.log_directory = full + "/logs";
  const auto heard = rig.reports().wait_for_end(rig.run(batch));
  EXPECT_EQ(heard.not_started, 1) << "it may be handed over again";
  EXPECT_THAT(heard.why, HasSubstr("No space left on device"));
  EXPECT_EQ(::umount(full.c_str()), 0);
}

TEST(local_abuse, lets_the_server_begin_while_the_supervisor_is_stopped) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, until_go));
  const pid_t pid = rig.reports().wait_for_pid(attempt), supervisor = rig.supervisor_pid();
  rig.close();
  ASSERT_EQ(::kill(supervisor, SIGSTOP), 0);
  rig.open({attempt});
  // What is handed over now waits, and may be stopped before anyone has heard of it.
  const Attempt waits = rig.run(rig.shell("waits", "exit 5"));
  const Attempt stopped = rig.run(rig.shell("stopped", "exit 6"));
  rig.executor().stop(stopped);
  EXPECT_EQ(rig.reports().wait_for_end(stopped).not_started, 1);
  EXPECT_FALSE(rig.reports().of(attempt).is_over());
  ASSERT_EQ(::kill(supervisor, SIGCONT), 0);
  EXPECT_EQ(rig.reports().wait_for_pid(attempt), pid);
  EXPECT_EQ(rig.reports().wait_for_end(waits).ending.status, 5);
  touch(rig.path("go"));
  EXPECT_EQ(rig.reports().wait_for_end(attempt).ending.status, 4);
}

TEST(local_abuse, waits_for_a_supervisor_that_cannot_be_started) {
  ExecutorRig rig;
  HeardReports reports;
  const std::string program = rig.path("program");
  const auto executor =
      open_local_executor({.directory = rig.path("executor"), .program = program}, reports);
  const Attempt known{job, std::nullopt, 1};
  ASSERT_TRUE(executor->take_up({known}));
  executor->start(rig.shell("waits", "exit 5"));
  EXPECT_FALSE(reports.of(known).is_over());
  ASSERT_EQ(::symlink(world::read_symlink("/proc/self/exe")->c_str(), program.c_str()), 0);
  EXPECT_EQ(reports.wait_for_end(known).lost, 1);
  EXPECT_EQ(reports.wait_for_end({"waits", std::nullopt, 1}).ending.status, 5);
}

// A server with an older store does not know what runs; what it hands over anew may have the same
// name.
TEST(local_abuse, begins_an_attempt_once_that_of_an_earlier_life_has_ended) {
  for (const bool is_server_killed : {false, true}) {
    ExecutorRig rig;
    rig.open();
    const Attempt attempt = rig.run(rig.shell(job, until_go_and_deaf));
    const pid_t pid = rig.reports().wait_for_pid(attempt);
    wait_until_there(rig.path("deaf"));
    rig.open();
    rig.run(rig.shell(job, "echo second; exit 6"));
    // An answer to what comes after shows that the supervisor has heard it.
    rig.reports().wait_for_end(rig.run(rig.shell("after", "true")));
    if (is_server_killed) rig.open({attempt});
    EXPECT_EQ(rig.reports().of(attempt).started, 0);
    EXPECT_TRUE(is_alive(pid));
    touch(rig.path("go"));
    EXPECT_EQ(rig.reports().wait_for_end(attempt).ending.status, 6);
    EXPECT_EQ(rig.log_of(attempt), "first\nsecond\n");
  }
}

TEST(local_abuse, forgets_what_waits_for_one_of_an_earlier_life_when_it_is_stopped) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, until_go_and_deaf));
  wait_until_there(rig.path("deaf"));
  rig.open();
  rig.run(rig.shell(job, "echo second"));
  rig.executor().stop(attempt);
  EXPECT_EQ(rig.reports().wait_for_end(attempt).not_started, 1);
  touch(rig.path("go"));
}

TEST(local_abuse, loses_no_message_however_long_and_waits_for_nobody) {
  ExecutorRig rig;
  rig.open();
  rig.reports().wait_for_end(rig.run(rig.shell("first", "true")));
  const pid_t supervisor = rig.supervisor_pid();
  // It reads nothing, and its socket takes a small part of what comes.
  ASSERT_EQ(::kill(supervisor, SIGSTOP), 0);
  std::vector<Attempt> attempts;
  for (const int index : {1, 2, 3}) {
    Batch batch = rig.shell(concat("long-", index), "true");
    batch.work.command.push_back(std::string(20 << 20, 'x'));
    attempts.push_back(rig.run(batch));
  }
  const Attempt after = rig.run(rig.shell("after", "exit 5"));
  ASSERT_EQ(::kill(supervisor, SIGCONT), 0);
  for (const Attempt& attempt : attempts) {
    const auto heard = rig.reports().wait_for_end(attempt);
    EXPECT_EQ(heard.ending.status, 126);
    EXPECT_THAT(heard.ending.reason, HasSubstr("Argument list too long"));
  }
  EXPECT_EQ(rig.reports().wait_for_end(after).ending.status, 5);
}

TEST(local_abuse, ends_what_is_too_long_for_any_message) {
  ExecutorRig rig;
  rig.open();
  Batch batch = rig.shell(job, "true");
  batch.work.command.push_back(std::string(65 << 20, 'x'));
  const auto heard = rig.reports().wait_for_end(rig.run(batch));
  EXPECT_EQ(heard.ending.status, 126);
  EXPECT_THAT(heard.ending.reason, HasSubstr("too long"));
  EXPECT_EQ(rig.reports().wait_for_end(rig.run(rig.shell("after", "exit 5"))).ending.status, 5);
}

TEST(local_abuse, starts_a_supervisor_that_falls_when_it_is_reached_once_a_second) {
  ExecutorRig rig;
  rig.open();
  ASSERT_TRUE(world::write_file_atomically(rig.path("executor/falls"), "", 0600));
  const auto begin = std::chrono::steady_clock::now();
  const Attempt attempt = rig.run(rig.shell(job, "true"));
  size_t falls = 0;
  while (falls < 2) falls = world::read_file(rig.path("executor/falls"))->size();
  EXPECT_LE(falls, 2 + (std::chrono::steady_clock::now() - begin) / seconds(1));
  ASSERT_TRUE(world::remove_file(rig.path("executor/falls")));
  EXPECT_TRUE(rig.reports().wait_for_end(attempt).is_over());
}

}  // namespace
}  // namespace pawl::executors
