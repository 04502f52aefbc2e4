#include "world/short_turns.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <thread>

namespace pawl::world {
namespace {

// The length of this thread's turns: the fourth word of the kernel's sched_attr.
uint64_t turn_ns() {
  std::array<uint64_t, 6> attributes{};
  ::syscall(SYS_sched_getattr, 0, attributes.data(), sizeof attributes, 0);
  return attributes[3];
}

TEST(short_turns, are_taken_by_the_thread_that_asks_and_by_none_that_it_starts) {
  std::thread([] {
    const uint64_t usual = turn_ns();
    take_short_turns();
    if (usual == 0 || turn_ns() == usual) GTEST_SKIP() << "this kernel has no turns to choose";
    EXPECT_LT(turn_ns(), usual);
    std::thread([usual] { EXPECT_EQ(turn_ns(), usual); }).join();
  }).join();
}

}  // namespace
}  // namespace pawl::world
