#include "executors/local/pools.h"

#include <gmock/gmock.h>

#include "executors/local/executor_rig.h"

namespace pawl::executors {
namespace {

using ::testing::ElementsAre;

Batch array(const std::string& job_id, std::vector<int32_t> indexes, Pool pool) {
  Batch batch;
  batch.work.job_id = job_id;
  batch.pool = std::move(pool);
  batch.is_array = true;
  batch.indexes = std::move(indexes);
  return batch;
}

TEST(pools, give_room_in_the_order_of_coming) {
  Pools pools;
  const Pool two{.name = "two", .vcpus = 2};
  pools.add(array("a", {4, 7, 9}, two));
  pools.add(array("b", {0}, two));
  const auto first = pools.take(16);
  EXPECT_THAT(first->indexes, ElementsAre(4, 7));
  EXPECT_FALSE(pools.has_next());
  EXPECT_FALSE(pools.take(16));
  pools.vacate(share_of(*first));
  EXPECT_THAT(pools.take(16)->indexes, ElementsAre(9));
  pools.vacate(share_of(*first));
  EXPECT_EQ(pools.take(16)->work.job_id, "b");
  EXPECT_FALSE(pools.is_anyone_waiting());
}

TEST(pools, do_not_wait_for_each_other) {
  Pools pools;
  pools.add(array("a", {0, 1}, {.name = "one", .vcpus = 1}));
  pools.add(array("b", {0}, {.name = "other", .vcpus = 1}));
  EXPECT_EQ(pools.take(16)->work.job_id, "a");
  EXPECT_EQ(pools.take(16)->work.job_id, "b");
}

TEST(pools, count_memory_and_parts_of_processors) {
  Pools pools;
  Batch batch = array("a", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {.name = "p", .vcpus = 1});
  batch.work.vcpus = 0.1;
  batch.work.memory_mib = 100;
  pools.add(batch);
  EXPECT_EQ(pools.take(16)->indexes.size(), 10u);
  pools.add(array("none", {}, {.name = "p", .vcpus = 4, .memory_mib = 1150}));
  EXPECT_THAT(pools.take(16)->indexes, ElementsAre(10)) << "a change holds for what waits already";
}

TEST(pools, let_run_alone_what_is_larger_than_they_are) {
  Pools pools;
  Batch batch = array("a", {0, 1}, {.name = "p", .vcpus = 1});
  batch.work.vcpus = 4;
  pools.add(batch);
  EXPECT_THAT(pools.take(16)->indexes, ElementsAre(0));
  EXPECT_FALSE(pools.take(16));
}

TEST(pools, of_a_supervisor_that_was_killed_are_not_overdrawn_by_the_next) {
  ExecutorRig rig;
  rig.open();
  Batch first = rig.shell("first", "while [ ! -e go ]; do sleep 0.01; done");
  first.pool.vcpus = 1;
  const Attempt runs = rig.run(first);
  rig.reports().wait_for_pid(runs);
  rig.close();
  rig.end_supervisor(SIGKILL);
  rig.open({runs});
  rig.reports().wait_for_pid(runs);
  Batch second = rig.shell("second", "echo $(ls go)");
  second.pool.vcpus = 1;
  const Attempt waits = rig.run(second);
  // What follows in another pool shows that there was time for it.
  Batch other = rig.shell("other", "touch go");
  other.pool.name = "other";
  rig.run(other);
  EXPECT_EQ(rig.reports().wait_for_end(waits).ending.status, 0);
  EXPECT_EQ(rig.log_of(waits), "go\n");
}

}  // namespace
}  // namespace pawl::executors
