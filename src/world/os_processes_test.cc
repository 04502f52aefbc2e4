#include "world/os_processes.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <thread>

#include "base/text.h"
#include "world/scratch_directory.h"

namespace pawl::world {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr Duration long_enough = minutes(1);

Program shell(const std::string& script) {
  Program program;
  program.arguments = {"/bin/sh", "-c", script};
  return program;
}

// Waits until the condition holds; how long that takes decides nothing but a failure.
template <typename Condition>
bool comes_true(Condition condition) {
  for (int turn = 0; turn < 6000; ++turn) {
    if (condition()) return true;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return false;
}

// Gone, or dead and waiting for whoever has inherited it.
bool has_ended(pid_t pid) {
  const auto status = read_file(concat("/proc/", pid, "/stat"));
  return !status || status->find(") Z ") != std::string::npos;
}

class Running : public ::testing::Test {
 protected:
  Result<Exit> run(const Program& program, Duration limit = long_enough) {
    return processes_.run(program, limit, cancellation_);
  }

  ScratchDirectory scratch_;
  Cancellation cancellation_;
  OsProcesses processes_{milliseconds(50)};
};

using processes = Running;

TEST_F(processes, gives_the_status_and_both_streams) {
  const auto exit = run(shell("echo out; echo err >&2; exit 3"));
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 3);
  EXPECT_EQ(exit->output, "out\n");
  EXPECT_EQ(exit->errors, "err\n");
}

TEST_F(processes, gives_a_death_by_signal_as_the_shell_does) {
  EXPECT_EQ(run(shell("kill -TERM $$"))->status, 128 + SIGTERM);
}

TEST_F(processes, keeps_the_last_of_much_output_on_both_streams) {
  const auto exit =
      run(shell("head -c 3000000 /dev/zero >&2; head -c 3000000 /dev/zero; "
                "head -c 3000000 /dev/zero >&2; echo end; echo end >&2"));
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->output.size(), 1u << 20);
  EXPECT_EQ(exit->errors.size(), 1u << 20);
  EXPECT_THAT(exit->output, EndsWith("end\n"));
  EXPECT_THAT(exit->errors, EndsWith("end\n"));
}

TEST_F(processes, gives_the_input) {
  Program program = shell("wc -c");
  program.input = std::string(5'000'000, 'x');
  EXPECT_EQ(trim(run(program)->output), "5000000");
}

TEST_F(processes, survives_a_program_that_does_not_read_its_input) {
  Program program = shell("exec <&-; echo done");
  program.input = std::string(5'000'000, 'x');
  EXPECT_EQ(run(program)->output, "done\n");
}

TEST_F(processes, sets_the_environment_and_the_directory) {
  ASSERT_EQ(::setenv("PAWL_TEST_KEPT", "kept", 1), 0);
  ASSERT_EQ(::setenv("PAWL_TEST_REPLACED", "ours", 1), 0);
  Program program = shell("echo $PAWL_TEST_KEPT $PAWL_TEST_REPLACED; pwd");
  program.environment = {"PAWL_TEST_REPLACED=its own"};
  program.directory = scratch_.path();
  EXPECT_EQ(run(program)->output, concat("kept its own\n", scratch_.path(), "\n"));
}

TEST_F(processes, names_the_program_or_the_directory_that_is_missing) {
  Program program;
  program.arguments = {"no-such-program"};
  const auto missing = run(program);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), ErrorCode::not_found);
  EXPECT_THAT(missing.error().message(), HasSubstr("no-such-program"));

  program = shell("true");
  program.directory = "/no/such/directory";
  EXPECT_THAT(run(program).error().message(), HasSubstr("/no/such/directory"));
}

TEST_F(processes, hands_on_no_descriptor_and_no_signal_mask) {
  const int leaked = ::open("/dev/null", O_RDONLY);  // without close-on-exec, as a library might
  ASSERT_GT(leaked, 2);
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto exit = run(shell(
      concat("[ -e /proc/self/fd/", leaked, " ] && echo leaked; grep SigBlk /proc/self/status")));
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::close(leaked);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->output, "SigBlk:\t0000000000000000\n");
}

TEST_F(processes, does_not_wait_for_a_server_that_keeps_the_streams) {
  const auto exit = run(shell("sleep 1000 & echo $!"));
  ASSERT_TRUE(exit);
  const pid_t left = static_cast<pid_t>(*parse_integer(trim(exit->output)));
  EXPECT_FALSE(has_ended(left));
  ::kill(left, SIGKILL);
}

TEST_F(processes, ends_a_program_at_its_limit) {
  const auto exit = run(shell("sleep 1000"), milliseconds(30));
  ASSERT_FALSE(exit);
  EXPECT_EQ(exit.error().code(), ErrorCode::timed_out);
  EXPECT_EQ(exit.error().message(), "/bin/sh did not end within 30 ms");
}

TEST_F(processes, ends_the_whole_group_on_cancellation_even_where_it_ignores_term) {
  const std::string file = scratch_ / "pid";
  std::thread canceller([&] {
    EXPECT_TRUE(comes_true([&] { return exists(file); }));
    cancellation_.request();
  });
  const auto exit = run(shell(concat("trap '' TERM; sleep 1000 & echo $! > ", file, ".new; mv ",
                                     file, ".new ", file, "; sleep 1000")));
  canceller.join();
  ASSERT_FALSE(exit);
  EXPECT_EQ(exit.error().code(), ErrorCode::cancelled);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "no child is left";
  const auto pid = parse_integer(trim(*read_file(file)));
  ASSERT_TRUE(pid);
  EXPECT_TRUE(comes_true([&] { return has_ended(static_cast<pid_t>(*pid)); }));
}

TEST_F(processes, starts_nothing_once_cancelled) {
  cancellation_.request();
  EXPECT_EQ(run(shell(concat("touch ", scratch_ / "made"))).error().code(), ErrorCode::cancelled);
  EXPECT_FALSE(exists(scratch_ / "made"));
}

TEST_F(processes, runs_as_another_account) {
  if (::geteuid() != 0) GTEST_SKIP() << "missing: root";
  Program program = shell("id -un; id -gn; id -Gn");
  program.account = "nobody";
  const auto exit = run(program);
  ASSERT_TRUE(exit) << exit.error().text();
  EXPECT_EQ(exit->output, "nobody\nnogroup\nnogroup\n") << exit->errors;
  program.account = "no such account";
  EXPECT_EQ(run(program).error().code(), ErrorCode::not_found);
}

TEST_F(processes, starts_a_program_in_a_session_of_its_own_and_reaps_it) {
  const std::string log = scratch_ / "log", go_on = scratch_ / "go-on";
  ASSERT_EQ(::mkfifo(go_on.c_str(), 0600), 0);
  const auto pid = processes_.start_detached(
      shell(concat("echo started; echo error >&2; read line < ", go_on)), log);
  ASSERT_TRUE(pid);
  EXPECT_EQ(::getsid(*pid), *pid);
  EXPECT_TRUE(comes_true([&] { return *read_file(log) == "started\nerror\n"; }));

  std::thread([&] { EXPECT_TRUE(open_file(go_on, O_WRONLY, "cannot open")); }).join();
  EXPECT_TRUE(comes_true([&] { return ::kill(*pid, 0) != 0 && errno == ESRCH; }))
      << "a zombie still takes signals";
}

TEST_F(processes, runs_many_at_once) {
  std::vector<std::thread> threads;
  for (int number = 0; number < 16; ++number)
    threads.emplace_back([&, number] {
      const auto exit = run(shell(concat("echo ", number)));
      ASSERT_TRUE(exit);
      EXPECT_EQ(exit->output, concat(number, "\n"));
    });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace pawl::world
