// GCC 12 takes the other alternatives of a variant in an initializer list for uninitialized.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include "store/check/reindex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "store/sqlite.h"
#include "store/testing_store.h"
#include "world/scratch_directory.h"

namespace pawl::store {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view running = "executions_running";

// While one of its indexes is away, what changes is not in it.
class reindexed_store : public ::testing::Test {
 protected:
  reindexed_store() {
    open();
    commit(*store_, {PutMachine{machine("m")}});
    for (const int64_t id : {1, 2})
      commit(*store_, {OpenExecution{execution(id)}, AppendRecord{id, "begun"}});
    close(1);
  }

  void open() { store_ = open_store(path_); }
  void close(int64_t id) {
    commit(*store_, {AppendRecord{id, "end"}, CloseExecution{id, "SUCCEEDED", at(9), "1", "", ""}});
  }
  void take_away(std::string_view index) {
    store_.reset();
    const auto connection = Connection::open(path_, Connection::Mode::read_write).value();
    Statement row = connection
                        ->statement(
                            "SELECT type, name, tbl_name, rootpage, coalesce(sql, '') FROM"
                            " sqlite_schema WHERE name = ?")
                        .value();
    ASSERT_TRUE(row.bind(index).step().value());
    kept_ = concat("PRAGMA writable_schema=ON; INSERT INTO sqlite_schema VALUES ('", row.text(0),
                   "', '", row.text(1), "', '", row.text(2), "', ", row.integer(3), ", ");
    const std::string sql = row.text(4);
    kept_ += sql.empty() ? "NULL)" : concat("'", replace_all(sql, "'", "''"), "')");
    change(
        concat("PRAGMA writable_schema=ON; DELETE FROM sqlite_schema WHERE name = '", index, "'"));
  }
  void change(const std::string& sql) {
    const auto connection = Connection::open(path_, Connection::Mode::read_write).value();
    const auto changed = connection->execute(sql);
    ASSERT_TRUE(changed.has_value()) << changed.error().text();
  }
  void put_back() {
    store_.reset();
    change(kept_);
  }

  const world::ScratchDirectory directory_;
  const std::string path_ = directory_ / "data/pawl.db";
  std::string kept_;  // the index, as the schema has it
  std::unique_ptr<Store> store_;
};

TEST_F(reindexed_store, finds_what_runs_again) {
  take_away(running);
  open();
  close(2);
  commit(*store_, {OpenExecution{execution(3)}, AppendRecord{3, "begun"}});
  put_back();

  open();
  const auto astray = store_->open_executions(0, 10);
  ASSERT_FALSE(astray.has_value());
  EXPECT_EQ(astray.error().message(),
            "the index of running executions is damaged: it leads to execution 2 in place of "
            "another");
  EXPECT_THAT(astray.error().hint(), HasSubstr("pawl store reindex"));
  const auto busy = reindex(path_, {});
  ASSERT_FALSE(busy.has_value());
  EXPECT_EQ(busy.error().code(), ErrorCode::conflict);

  store_.reset();
  const auto report = check_data_file(path_);
  ASSERT_FALSE(report->is_sound());
  EXPECT_THAT(report->findings[0].hint, HasSubstr("pawl store reindex"));
  EXPECT_TRUE(reindex(path_, {}).value().is_sound());
  EXPECT_TRUE(reindex(path_, {}).value().is_sound());
  open();
  const auto found = store_->open_executions(0, 10).value().executions;
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].id, 3);
}

TEST_F(reindexed_store, says_that_an_index_has_stopped_it) {
  take_away(running);
  open();
  commit(*store_, {OpenExecution{execution(3)}, AppendRecord{3, "begun"}});
  put_back();
  open();
  const auto closed =
      store_->commit({AppendRecord{3, "end"}, CloseExecution{3, "SUCCEEDED", at(9), "1", "", ""}});
  ASSERT_FALSE(closed.has_value());
  EXPECT_THAT(closed.error().hint(), HasSubstr("pawl store reindex"));
}

TEST(reindex, refuses_what_is_not_there) {
  const world::ScratchDirectory directory;
  EXPECT_EQ(reindex(directory / "none.db", {}).error().code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace pawl::store
