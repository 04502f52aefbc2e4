#include <gmock/gmock.h>
#include <sys/socket.h>

#include <fstream>
#include <random>
#include <set>

#include "base/text.h"
#include "executors/local/executor_rig.h"
#include "executors/local/journal.h"
#include "executors/local/local_socket.h"
#include "executors/local/messages.h"
#include "world/files.h"
#include "world/os_clock.h"

// What the death of a supervisor, and what is left in its journal, means to attempts.
namespace pawl::executors {
namespace {

using ::testing::HasSubstr;

constexpr auto job = "0d5e1c1e-0000-4000-8000-000000000001";
constexpr auto until_go = "while [ ! -e go ]; do sleep 0.01; done; exit 4";

void append(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::app) << text;
}

TEST(supervisor, finds_what_an_earlier_one_has_started) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, until_go));
  const pid_t pid = rig.reports().wait_for_pid(attempt);
  rig.close();
  rig.end_supervisor(SIGKILL);
  rig.open({attempt});
  EXPECT_EQ(rig.reports().wait_for_pid(attempt), pid);
  touch(rig.path("go"));
  const auto heard = rig.reports().wait_for_end(attempt);
  // Whether a status can be had of who is not our child depends on the kernel, and on init.
  EXPECT_TRUE(heard.lost == 1 || heard.ending.status == 4);
}

TEST(supervisor, stops_what_an_earlier_one_has_started) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, "setsid sleep 1000 & wait"));
  const pid_t pid = rig.reports().wait_for_pid(attempt);
  rig.end_supervisor(SIGKILL);
  rig.executor().stop(attempt);
  const auto heard = rig.reports().wait_for_end(attempt);
  EXPECT_TRUE(heard.lost == 1 || heard.ending.status == 128 + SIGTERM);
  wait_until_dead(pid);
}

TEST(supervisor, is_replaced_while_the_server_lives) {
  ExecutorRig rig;
  rig.open();
  const Attempt runs = rig.run(rig.shell("runs", until_go));
  rig.reports().wait_for_pid(runs);
  const Attempt ended = rig.run(rig.shell("ended", "exit 5"));
  rig.reports().wait_for_end(ended);
  rig.end_supervisor(SIGKILL);
  const Attempt after = rig.run(rig.shell("after", "exit 6"));
  const auto heard = rig.reports().wait_for_end(after);
  EXPECT_TRUE(heard.not_started == 1 || heard.ending.status == 6);
  touch(rig.path("go"));
  rig.reports().wait_for_end(runs);
  const auto again =
      rig.reports().wait_for(ended, [](const auto& heard) { return heard.ended == 2; });
  EXPECT_EQ(again.ending.status, 5);
}

TEST(supervisor, tells_the_next_server_also_when_what_has_ended_began) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, "exit 5"));
  rig.reports().wait_for_end(attempt);
  const auto expect_both = [&] {
    rig.open({attempt});
    const auto heard = rig.reports().wait_for_end(attempt);
    EXPECT_EQ(heard.started, 1);
    EXPECT_LE(heard.began, heard.stopped);
    EXPECT_GT(heard.began, heard.stopped - seconds(60));
    EXPECT_EQ(heard.ending.status, 5);
  };
  expect_both();
  // From the journal, and from one that was written anew.
  for (int supervisor = 0; supervisor < 2; ++supervisor) {
    rig.close();
    rig.end_supervisor(SIGKILL);
    expect_both();
  }
}

TEST(supervisor, says_what_it_can_of_what_ended_while_none_ran) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, until_go));
  const pid_t pid = rig.reports().wait_for_pid(attempt);
  rig.close();
  rig.end_supervisor(SIGKILL);
  touch(rig.path("go"));
  wait_until_dead(pid);
  rig.open({attempt});
  const auto heard = rig.reports().wait_for_end(attempt);
  EXPECT_TRUE(heard.lost == 1 || heard.ending.status == 4);
  rig.open({attempt});
  const auto again = rig.reports().wait_for_end(attempt);
  EXPECT_EQ(again.lost, heard.lost) << "it is told until it is settled";
  EXPECT_EQ(again.ending.status, heard.ending.status);
}

TEST(supervisor, does_not_take_another_process_of_the_same_number_for_an_attempt) {
  ExecutorRig rig;
  rig.open();
  ASSERT_TRUE(world::exists(rig.path("executor/journal")));
  append(rig.path("executor/journal"),
         concat("spawned ", job, "#1 ", ::getpid(), " 5 6 1 0 pool\n"));
  const Attempt attempt{job, std::nullopt, 1};
  rig.open({attempt});
  EXPECT_EQ(rig.reports().wait_for_end(attempt).lost, 1);
}

TEST(supervisor, finds_a_process_whose_number_was_not_put_down) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, until_go));
  const pid_t pid = rig.reports().wait_for_pid(attempt);
  rig.close();
  rig.end_supervisor(SIGKILL);
  const std::string journal = rig.path("executor/journal");
  const std::string text = *world::read_file(journal);
  ASSERT_TRUE(world::write_file_atomically(journal, text.substr(0, text.find("spawned")), 0600));
  rig.open({attempt});
  EXPECT_EQ(rig.reports().wait_for_pid(attempt), pid);
  touch(rig.path("go"));
  rig.reports().wait_for_end(attempt);
}

TEST(supervisor, says_lost_of_what_was_about_to_be_started) {
  ExecutorRig rig;
  rig.open();
  // Of its own: processes are looked for by this name, also those of tests that run beside.
  world::OsRandom random;
  const std::string unseen = world::make_uuid(random);
  append(rig.path("executor/journal"), concat("begin ", unseen, "#1\n"));
  const Attempt attempt{unseen, std::nullopt, 1};
  rig.open({attempt});
  EXPECT_EQ(rig.reports().wait_for_end(attempt).lost, 1);
}

TEST(supervisor, says_that_the_host_was_lost_after_it_was_started_anew) {
  ExecutorRig rig;
  rig.open();
  const std::string other_life =
      concat("pawl-executor 1 another boot\nbegin ", job, "#1\nended ended#1 5 7 - because\n");
  ASSERT_TRUE(world::write_file_atomically(rig.path("executor/journal"), other_life, 0600));
  const Attempt began{job, std::nullopt, 1}, unknown{"unknown", std::nullopt, 1},
      ended{"ended", std::nullopt, 1};
  rig.open({began, unknown, ended});
  for (const Attempt& attempt : {began, unknown}) {
    const auto heard = rig.reports().wait_for_end(attempt);
    EXPECT_TRUE(heard.ending.is_host_lost);
    EXPECT_NE(heard.ending.status, 0);
  }
  const auto heard = rig.reports().wait_for_end(ended);
  EXPECT_EQ(heard.ending.status, 7);
  EXPECT_EQ(heard.ending.reason, "because");
  EXPECT_FALSE(heard.ending.is_host_lost);
}

TEST(supervisor, knows_what_never_ran_since_a_server_has_found_nothing_of_another_life) {
  ExecutorRig rig;
  rig.open();
  ASSERT_TRUE(world::write_file_atomically(rig.path("executor/journal"),
                                           "pawl-executor 1 another boot\n", 0600));
  rig.open();
  const Attempt attempt{job, std::nullopt, 1};
  rig.open({attempt});
  EXPECT_EQ(rig.reports().wait_for_end(attempt).not_started, 1);
}

TEST(supervisor, says_lost_where_the_journal_is_gone_or_damaged) {
  for (const bool is_gone : {true, false}) {
    ExecutorRig rig;
    rig.open();
    const std::string journal = rig.path("executor/journal");
    is_gone ? void(::unlink(journal.c_str())) : append(journal, "\xff what is this\n");
    const Attempt attempt{job, std::nullopt, 1};
    rig.open({attempt});
    EXPECT_EQ(rig.reports().wait_for_end(attempt).lost, 1);
  }
}

TEST(supervisor, overlooks_a_line_that_was_torn) {
  ExecutorRig rig;
  rig.open();
  append(rig.path("executor/journal"), concat("begin ", job));
  const Attempt attempt{job, std::nullopt, 1};
  rig.open({attempt});
  EXPECT_EQ(rig.reports().wait_for_end(attempt).not_started, 1);
}

TEST(supervisor, starts_nothing_that_it_cannot_put_down) {
  ExecutorRig rig;
  rig.open();
  // What is new of the journal goes to a full disk.
  ASSERT_EQ(::symlink("/dev/full", rig.path("executor/journal.new").c_str()), 0);
  const Attempt attempt = rig.run(rig.shell(job, "touch ran"));
  const auto heard = rig.reports().wait_for_end(attempt);
  EXPECT_EQ(heard.not_started, 1);
  EXPECT_THAT(heard.why, HasSubstr("No space left on device"));
  EXPECT_FALSE(world::exists(rig.path("ran")));
  ::unlink(rig.path("executor/journal.new").c_str());
  EXPECT_EQ(rig.reports().wait_for_end(rig.run(rig.shell("later", "exit 2"))).ending.status, 2);
}

TEST(supervisor, stops_all_and_ends_when_it_is_told_to) {
  ExecutorRig rig;
  rig.open();
  const Attempt attempt = rig.run(rig.shell(job, "sleep 1000"));
  rig.reports().wait_for_pid(attempt);
  rig.end_supervisor(SIGTERM);
  EXPECT_EQ(rig.reports().wait_for_end(attempt).ending.status, 128 + SIGTERM);
}

TEST(supervisor, of_another_version_is_left_alone_and_waited_for) {
  ExecutorRig rig;
  ASSERT_TRUE(world::make_directories(rig.path("executor"), 0700));
  auto listener = listen_in(rig.path("executor"));
  ASSERT_TRUE(listener) << listener.error().text();
  std::string told;
  std::thread other([&] {
    int socket = -1;
    while ((socket = ::accept(listener->number(), nullptr, nullptr)) < 0) ::usleep(1000);
    listener->close();
    std::string hello;
    append_hello(hello);
    ++hello[sizeof(uint32_t) + 1];
    EXPECT_EQ(::send(socket, hello.data(), hello.size(), MSG_NOSIGNAL), ssize_t(hello.size()));
    char byte;
    while (::recv(socket, &byte, 1, 0) > 0) told.push_back(byte);
    ::close(socket);
  });
  const Attempt attempt{job, std::nullopt, 1};
  rig.open({attempt});
  other.join();
  std::string hello;
  append_hello(hello);
  EXPECT_EQ(told, hello) << "nothing is said that it might take for something else";
  EXPECT_EQ(rig.reports().wait_for_end(attempt).lost, 1) << "of the next one";
}

// A script appends a letter when it begins, and so shows how often it ran.
TEST(supervisor, runs_nothing_twice_and_loses_nothing_however_it_is_killed) {
  for (const unsigned seed : {1u, 2u, 3u, 4u, 5u, 6u}) {
    SCOPED_TRACE(concat("seed ", seed));
    std::mt19937 random(seed);
    ExecutorRig rig;
    rig.open();
    std::vector<Attempt> unsettled;
    for (int round = 0; round < 6; ++round) {
      Batch batch = rig.shell(concat(job, round),
                              concat("printf x >>", round, ".$AWS_BATCH_JOB_ARRAY_INDEX; sleep 0.0",
                                     random() % 3, "; exit 9"));
      batch.is_array = true;
      for (int index = 0; index < 20; ++index) {
        batch.indexes.push_back(index);
        unsettled.push_back({batch.work.job_id, index, 1});
      }
      rig.executor().start(batch);
      ::usleep(random() % 30'000);
      const unsigned what = random() % 3;
      if (what != 0) rig.end_supervisor(SIGKILL);
      if (what != 1) rig.open(unsettled);
    }
    rig.open(unsettled);
    for (const Attempt& attempt : unsettled) {
      const auto heard = rig.reports().wait_for_end(attempt);
      const std::string round = attempt.job_id.substr(std::string(job).size());
      const auto written = world::read_file(rig.path(concat(round, ".", *attempt.index)));
      const std::string ran = written ? *written : "";
      EXPECT_LE(ran.size(), 1u) << to_name(attempt) << " ran twice";
      EXPECT_TRUE(!heard.not_started || ran.empty()) << to_name(attempt);
      EXPECT_TRUE(!heard.ended || ran == "x") << to_name(attempt);
      EXPECT_TRUE(!heard.ended || heard.ending.status == 9);
    }
    // And all goes on.
    EXPECT_EQ(rig.reports().wait_for_end(rig.run(rig.shell("after", "exit 3"))).ending.status, 3);
  }
}

}  // namespace
}  // namespace pawl::executors
