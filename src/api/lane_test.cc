#include "api/lane.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <memory>

namespace pawl::api {
namespace {

TEST(lane, does_as_much_at_once_as_it_has_threads_and_the_rest_in_its_order) {
  constexpr int threads = 2;
  std::latch both_run(threads), all_done(6);
  std::promise<void> go_on;
  const auto gone_on = go_on.get_future().share();
  std::atomic<int> ended = 0;
  std::vector<int> order;
  std::mutex mutex;
  Lane lane(threads);
  for (int number = 0; number < threads; ++number) {
    lane.run([&] {
      both_run.count_down();
      gone_on.wait();
      ++ended;
      all_done.count_down();
    });
  }
  both_run.wait();
  for (int number = 0; number < 4; ++number) {
    lane.run([&, number] {
      const std::lock_guard lock(mutex);
      order.push_back(number);
      all_done.count_down();
    });
  }
  EXPECT_EQ(ended, 0);
  go_on.set_value();
  all_done.wait();
  EXPECT_EQ(order.size(), 4u);
}

TEST(lane, goes_on_at_once_where_it_is_asked_on_its_own_thread) {
  Lane lane(1);
  std::promise<std::thread::id> outer, inner;
  lane.run([&] {
    outer.set_value(std::this_thread::get_id());
    lane.run([&] { inner.set_value(std::this_thread::get_id()); });
  });
  EXPECT_EQ(outer.get_future().get(), inner.get_future().get());
}

TEST(lane, drops_what_has_not_begun_when_it_goes) {
  const auto kept = std::make_shared<int>();
  std::promise<void> begun, go_on;
  {
    auto lane = std::make_unique<Lane>(1);
    lane->run([&] {
      begun.set_value();
      go_on.get_future().wait();
    });
    begun.get_future().wait();
    lane->run([kept] { FAIL() << "it is too late"; });
    std::thread ending([&] { lane.reset(); });
    while (kept.use_count() > 1) std::this_thread::yield();
    go_on.set_value();
    ending.join();
  }
}

}  // namespace
}  // namespace pawl::api
