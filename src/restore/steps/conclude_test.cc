#include "restore/steps/conclude.h"

#include <gtest/gtest.h>

namespace pawl::restore::steps {
namespace {

TEST(conclude, ends_a_failed_execution_as_it_failed_and_lets_a_redrive_pass) {
  const functions::Function conclude = steps::conclude();
  const auto called = [&](int64_t redrives) {
    const world::Cancellation never;
    functions::Call call{"r",
                         conclude.name,
                         "",
                         "",
                         0,
                         Instant(),
                         json::Value::object({{"error", "Restore.Corrupt"},
                                              {"cause", "a bit"},
                                              {"redrives", redrives},
                                              {"redrives_at_failure", 1}}),
                         never,
                         [](engine::Progress) {}};
    return conclude.body(call);
  };
  const auto failed = called(1);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().error, "Restore.Corrupt");
  EXPECT_EQ(failed.error().cause, "a bit");
  EXPECT_TRUE(called(2).has_value());
}

}  // namespace
}  // namespace pawl::restore::steps
