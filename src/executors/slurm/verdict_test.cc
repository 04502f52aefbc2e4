#include "executors/slurm/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pawl::executors {
namespace {

using ::testing::HasSubstr;
using Kind = Verdict::Kind;

Evidence exited(int status, State state) {
  Evidence evidence{.is_claimed = true, .has_answer = state != State::unseen, .state = state};
  evidence.exit = Outcome{Outcome::Kind::ended, {.status = status}};
  evidence.words = "WORDS";
  return evidence;
}

TEST(verdict, believes_an_exit_file_of_success_at_once_whatever_slurm_says) {
  for (const State state : {State::unseen, State::active, State::failed, State::host_lost}) {
    const Verdict verdict = judge(exited(0, state));
    EXPECT_EQ(verdict.kind, Kind::ended);
    EXPECT_TRUE(verdict.outcome.is_success());
  }
}

TEST(verdict, lets_slurm_say_why_an_attempt_has_failed) {
  const Verdict failed = judge(exited(1, State::failed));
  EXPECT_EQ(failed.kind, Kind::ended);
  EXPECT_EQ(failed.outcome.ending.reason, "");
  const Verdict memory = judge(exited(137, State::out_of_memory));
  EXPECT_TRUE(memory.outcome.ending.is_out_of_memory);
  EXPECT_EQ(memory.outcome.ending.reason, "") << "in Slurm's words it would be said twice";
  const Verdict taken = judge(exited(143, State::host_lost));
  EXPECT_TRUE(taken.outcome.ending.is_host_lost);
  EXPECT_EQ(taken.outcome.ending.status, 143);
  EXPECT_THAT(taken.outcome.ending.reason, HasSubstr("WORDS"));
}

TEST(verdict, waits_for_slurm_no_longer_than_a_pause_with_an_exit_file_in_hand) {
  EXPECT_EQ(judge(exited(1, State::active)).kind, Kind::after_pause);
  EXPECT_EQ(judge(exited(1, State::unseen)).kind, Kind::after_pause);
  Evidence forgotten = exited(1, State::unseen);
  forgotten.has_answer = true;
  EXPECT_EQ(judge(forgotten).kind, Kind::ended);
}

TEST(verdict, concludes_nothing_while_slurm_does_not_answer) {
  for (const bool is_claimed : {false, true})
    for (const State state : {State::unseen, State::active})
      EXPECT_EQ(judge({.is_claimed = is_claimed, .state = state}).kind, Kind::none);
}

TEST(verdict, takes_what_slurm_does_not_know_for_lost_only_after_long_silence) {
  const Verdict begun = judge({.is_claimed = true, .has_answer = true});
  EXPECT_EQ(begun.kind, Kind::after_silence);
  EXPECT_EQ(begun.outcome.kind, Outcome::Kind::lost);
  const Verdict waiting = judge({.has_answer = true});
  EXPECT_EQ(waiting.kind, Kind::after_silence);
  EXPECT_EQ(waiting.outcome.kind, Outcome::Kind::not_started);
}

TEST(verdict, takes_the_word_of_slurm_after_a_pause_where_there_is_no_exit_file) {
  const std::pair<State, int> rows[] = {{State::completed, 0},       {State::failed, 1},
                                        {State::cancelled, 137},     {State::time_limit, 137},
                                        {State::out_of_memory, 137}, {State::host_lost, 137}};
  for (const auto& [state, status] : rows) {
    const Verdict verdict = judge({.is_claimed = true, .has_answer = true, .state = state});
    EXPECT_EQ(verdict.kind, Kind::after_pause);
    EXPECT_EQ(verdict.outcome.ending.status, status);
    EXPECT_EQ(verdict.outcome.ending.is_host_lost, state == State::host_lost);
    EXPECT_EQ(verdict.outcome.ending.is_out_of_memory, state == State::out_of_memory);
  }
}

TEST(verdict, refuses_what_can_never_start) {
  const Verdict never = judge({.has_answer = true, .state = State::never_satisfied});
  EXPECT_EQ(never.kind, Kind::refuse);
  EXPECT_EQ(never.outcome.kind, Outcome::Kind::not_started);
  EXPECT_EQ(never.outcome.ending.reason, "DependencyNeverSatisfied");
  EXPECT_EQ(judge({.unsatisfied = "its predecessor failed"}).kind, Kind::refuse);
  EXPECT_EQ(judge({.is_stopping = true}).kind, Kind::refuse);
  // What runs is not refused any more.
  EXPECT_EQ(judge({.is_claimed = true, .is_stopping = true}).kind, Kind::none);
}

TEST(verdict, tells_a_cancellation_by_others_from_ours_where_it_never_began) {
  Evidence evidence{.has_answer = true, .state = State::cancelled, .words = "CANCELLED None"};
  EXPECT_EQ(judge(evidence).outcome.kind, Outcome::Kind::ended);
  EXPECT_EQ(judge(evidence).outcome.ending.status, 143);
  evidence.words = "CANCELLED DependencyNeverSatisfied";
  EXPECT_EQ(judge(evidence).outcome.kind, Outcome::Kind::not_started);
  evidence.words = "CANCELLED None";
  evidence.is_stopping = true;
  EXPECT_EQ(judge(evidence).outcome.kind, Outcome::Kind::not_started);
}

}  // namespace
}  // namespace pawl::executors
