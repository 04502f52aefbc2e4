#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <deque>
#include <thread>

#include "world/cancellation.h"
#include "world/moment.h"
#include "world/os_clock.h"

namespace pawl::world {
namespace {

TEST(cancellation, ends_a_wait_when_it_is_requested) {
  Cancellation cancellation;
  std::thread other([&] { cancellation.request(); });
  EXPECT_TRUE(cancellation.wait_for(Duration::max()));
  other.join();
  EXPECT_TRUE(cancellation.is_requested());
}

TEST(cancellation, lets_a_wait_run_out) {
  const Cancellation cancellation;
  EXPECT_FALSE(cancellation.wait_for(milliseconds(1)));
}

TEST(clock, goes_with_the_machine) {
  OsClock clock;
  EXPECT_GT(clock.now(), *parse_instant("2024-01-01T00:00:00Z"));
}

struct ScriptedRandom : Random {
  std::deque<uint64_t> numbers;
  uint64_t next() override {
    const uint64_t number = numbers.front();
    numbers.pop_front();
    return number;
  }
};

TEST(random, makes_uuids_of_version_four) {
  ScriptedRandom random;
  random.numbers = {0x0123456789abcdef, 0x0123456789abcdef, ~0ull, ~0ull};
  EXPECT_EQ(make_uuid(random), "01234567-89ab-4def-8123-456789abcdef");
  EXPECT_EQ(make_uuid(random), "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

TEST(random, does_not_repeat_itself) {
  OsRandom random;
  EXPECT_NE(make_uuid(random), make_uuid(random));
}

class MomentDeathTest : public ::testing::Test {
 protected:
  // A process of its own for each, because the environment is read once.
  MomentDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(MomentDeathTest, kills_the_process_at_the_visit_asked_for) {
  const auto visit_thrice = [] {
    ::setenv("PAWL_CRASH_AT", "after_commit:3", 1);
    for (int visit = 1; visit <= 3; ++visit) {
      moment("elsewhere");
      std::fprintf(stderr, "visit %d\n", visit);
      moment("after_commit");
    }
    std::_Exit(0);
  };
  EXPECT_EXIT(visit_thrice(), ::testing::KilledBySignal(SIGKILL), "visit 1\nvisit 2\nvisit 3\n");
}

TEST_F(MomentDeathTest, kills_at_the_first_visit_where_no_number_is_given) {
  const auto visit = [] {
    ::setenv("PAWL_CRASH_AT", "after_commit", 1);
    moment("after_commit");
    std::_Exit(0);
  };
  EXPECT_EXIT(visit(), ::testing::KilledBySignal(SIGKILL), "");
}

TEST_F(MomentDeathTest, pauses_where_asked_and_goes_on) {
  const auto visit = [] {
    ::setenv("PAWL_PAUSE_AT", "copy:30", 1);
    const auto begin = std::chrono::steady_clock::now();
    moment("copy");
    std::_Exit(std::chrono::steady_clock::now() - begin >= milliseconds(30) ? 7 : 8);
  };
  EXPECT_EXIT(visit(), ::testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace pawl::world
