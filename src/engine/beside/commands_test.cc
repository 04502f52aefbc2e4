#include "engine/beside/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "sim/sim_clock.h"

namespace pawl::engine {
namespace {

using ::testing::HasSubstr;

// A loop over a number, which a command asks for.
class commands : public ::testing::Test {
 protected:
  commands() { set_log_level(LogLevel(4)); }
  ~commands() override { set_log_level(LogLevel::info); }

  void ask() {
    commands_.ask<int>([](int& state, Instant) -> Result<int> { return state; },
                       [this](const Result<int>& result) {
                         answers_.push_back(result ? "done" : result.error().message());
                       });
  }
  void serve(const std::function<Result<void>()>& turn) {
    commands_.serve(
        "the loop", clock_, [] { return std::nullopt; }, turn);
  }

  sim::SimClock clock_;
  Commands<int> commands_;
  std::vector<std::string> answers_;
};

TEST_F(commands, are_refused_for_what_has_stopped_their_loop) {
  ask();
  serve([] { return Error(ErrorCode::failed, "the disk has failed"); });
  ask();
  commands_.close();
  ask();
  EXPECT_EQ(answers_, std::vector<std::string>(3, "the disk has failed"));
}

TEST_F(commands, are_carried_out_before_the_end_and_refused_after_it) {
  ask();
  commands_.close();
  serve([this]() -> Result<void> {
    int state = 1;
    for (const auto& answer : commands_.carry_out(state, clock_.now())) answer(nullptr);
    return {};
  });
  ask();
  ASSERT_EQ(answers_.size(), 2u);
  EXPECT_EQ(answers_[0], "done");
  EXPECT_THAT(answers_[1], HasSubstr("the server is stopping"));
}

}  // namespace
}  // namespace pawl::engine
