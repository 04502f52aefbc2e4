#include "store/sqlite_readers.h"

#include <gtest/gtest.h>

#include "store/testing_store.h"
#include "world/scratch_directory.h"

namespace pawl::store {
namespace {

TEST(reading, of_one_moment_is_what_was_there_at_its_first_and_others_read_on) {
  const world::ScratchDirectory directory;
  const auto store = open_store(directory / "pawl.db");
  commit(*store, {PutMachine{machine("m")}});
  store->begin_reading();
  EXPECT_FALSE(store->execution(execution(1).arn).value());
  std::thread other([&] {
    commit(*store, {OpenExecution{execution(1)}, AppendRecord{1, "one"}});
    EXPECT_TRUE(store->execution(execution(1).arn).value());
  });
  other.join();
  EXPECT_FALSE(store->execution(execution(1).arn).value());
  store->end_reading();
  EXPECT_TRUE(store->execution(execution(1).arn).value());
  store->begin_reading();
  EXPECT_TRUE(store->execution(execution(1).arn).value());
  store->end_reading();
}

}  // namespace
}  // namespace pawl::store
