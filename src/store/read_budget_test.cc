#include "store/read_budget.h"

#include <gtest/gtest.h>

#include <thread>

#include "store/testing_store.h"
#include "store/texts.h"
#include "world/scratch_directory.h"

namespace pawl::store {
namespace {

class read_budget : public ::testing::Test {
 protected:
  // A small execution, one with as many records of 100 bytes, and one with a large input.
  void fill(size_t record_count) {
    Execution large = execution(3);
    large.input = std::string(large_text_bytes_min, 'x');
    commit(*store_, {PutMachine{machine("m")}, OpenExecution{execution(1)}, AppendRecord{1, "one"},
                     OpenExecution{execution(2)}, OpenExecution{large}, AppendRecord{3, "one"}});
    for (size_t number = 0; number < record_count; ++number)
      commit(*store_, {AppendRecord{2, std::string(100, 'x')}});
  }

  world::ScratchDirectory directory_;
  std::unique_ptr<Store> store_ = open_store(directory_.path() + "/store.db");
};

TEST_F(read_budget, is_for_histories) {
  fill(30);
  const ReadBudget budget(2000);
  EXPECT_TRUE(store_->records(1));
  EXPECT_FALSE(ReadBudget::is_spent());
  const auto records = store_->records(2);
  ASSERT_FALSE(records);
  EXPECT_EQ(records.error().code(), ErrorCode::limit_exceeded);
  EXPECT_TRUE(ReadBudget::is_spent());
  // What has been refused once is not half read afterwards.
  EXPECT_FALSE(store_->records(1));
}

TEST_F(read_budget, is_for_large_texts) {
  fill(1);
  const ReadBudget budget(2000);
  EXPECT_TRUE(store_->execution(execution(1).arn));
  EXPECT_FALSE(store_->execution(execution(3).arn));
  EXPECT_TRUE(ReadBudget::is_spent());
}

TEST_F(read_budget, is_for_searches_that_find_nothing) {
  std::vector<Write> many{PutMachine{machine("m")}};
  for (int64_t id = 1; id <= 2000; ++id) {
    many.push_back(OpenExecution{execution(id)});
    many.push_back(AppendRecord{id, "one"});
  }
  commit(*store_, many);
  const ReadBudget budget(2000);
  EXPECT_TRUE(store_->executions({.status = "RUNNING", .page = {.size_max = 1}}));
  EXPECT_FALSE(ReadBudget::is_spent());
  EXPECT_FALSE(store_->executions({.status = "FAILED", .page = {.size_max = 1}}));
  EXPECT_TRUE(ReadBudget::is_spent());
}

TEST_F(read_budget, is_of_its_thread_while_it_lives) {
  fill(30);
  {
    const ReadBudget budget(10);
    std::thread other([&] { EXPECT_TRUE(store_->records(2)); });
    other.join();
    EXPECT_FALSE(store_->records(2));
  }
  EXPECT_FALSE(ReadBudget::is_spent());
  EXPECT_TRUE(store_->records(2));
}

}  // namespace
}  // namespace pawl::store
