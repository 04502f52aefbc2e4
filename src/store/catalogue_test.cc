// GCC 12 takes the other alternatives of a variant in an initializer list for uninitialized.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/text.h"
#include "store/journal.h"
#include "store/schema.h"
#include "store/sqlite.h"
#include "store/sqlite_store.h"
#include "world/files.h"
#include "world/scratch_directory.h"

namespace pawl::store {
namespace {

Instant at(int64_t seconds_since_epoch) { return Instant(seconds(seconds_since_epoch)); }

Machine machine() {
  return {.arn = "machine:m",
          .name = "m",
          .definition = "{}",
          .role_arn = "role",
          .type = "EXPRESS",
          .status = "ACTIVE",
          .revision_id = "r1",
          .created = at(1),
          .updated = at(2),
          .settings = R"({"tracingConfiguration":{"enabled":true}})",
          .last_version = 3};
}

Version version(int64_t number) {
  return {.machine_arn = "machine:m",
          .number = number,
          .definition = concat("{\"n\": ", number, "}"),
          .role_arn = "role",
          .revision_id = concat("r", number),
          .settings = "",
          .description = "as it was",
          .created = at(10 + number)};
}

Alias alias(const std::string& name, std::vector<Route> routes) {
  return {.arn = "machine:m:" + name,
          .machine_arn = "machine:m",
          .name = name,
          .description = "the one in use",
          .routes = std::move(routes),
          .created = at(20),
          .updated = at(21)};
}

Execution execution(int64_t id) {
  Execution execution;
  execution.id = id;
  execution.name = concat("e", id);
  execution.arn = concat("execution:m:e", id);
  execution.machine_arn = "machine:m";
  execution.definition = "{}";
  execution.status = "RUNNING";
  execution.started = at(1000);
  execution.input = "{}";
  return execution;
}

class catalogue : public ::testing::Test {
 protected:
  catalogue() { open(); }
  void open() {
    store_.reset();
    auto opened = open_sqlite_store(path_);
    EXPECT_TRUE(opened.has_value()) << opened.error().text();
    store_ = *std::move(opened);
  }
  void commit(const std::vector<Write>& writes) {
    const auto committed = store_->commit(writes);
    ASSERT_TRUE(committed.has_value()) << committed.error().text();
  }

  world::ScratchDirectory directory_;
  const std::string path_ = directory_ / "data/pawl.db";
  std::unique_ptr<Store> store_;
};

TEST_F(catalogue, keeps_what_was_defined_when_it_is_opened_again) {
  commit({PutMachine{machine()}, PutVersion{version(1)}, PutVersion{version(3)},
          PutAlias{alias("live", {{1, 90}, {3, 10}})},
          PutActivity{{.arn = "activity:a", .name = "a", .settings = "{}", .created = at(5)}},
          PutTags{"machine:m", {{"team", "storage"}, {"empty", ""}, {"a", "\"quoted\""}}}});
  open();
  const auto found = store_->machine("machine:m").value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->settings, machine().settings);
  EXPECT_EQ(found->last_version, 3);
  const auto third = store_->version("machine:m", 3).value();
  ASSERT_TRUE(third.has_value());
  EXPECT_EQ(third->definition, "{\"n\": 3}");
  EXPECT_EQ(third->description, "as it was");
  EXPECT_FALSE(store_->version("machine:m", 2).value().has_value());
  const auto live = store_->alias("machine:m:live").value();
  ASSERT_TRUE(live.has_value());
  EXPECT_EQ(live->routes, (std::vector<Route>{{1, 90}, {3, 10}}));
  EXPECT_EQ(store_->activity("activity:a").value()->created, at(5));
  EXPECT_EQ(store_->tags("machine:m").value(),
            (std::vector<Tag>{{"team", "storage"}, {"empty", ""}, {"a", "\"quoted\""}}));
  EXPECT_TRUE(store_->tags("activity:a").value().empty());
}

TEST_F(catalogue, loses_versions_aliases_and_tags_with_their_machine) {
  commit({PutMachine{machine()}, PutVersion{version(1)}, PutAlias{alias("live", {{1, 100}})},
          PutTags{"machine:m", {{"k", "v"}}}});
  commit({DeleteMachine{"machine:m"}});
  EXPECT_FALSE(store_->version("machine:m", 1).value().has_value());
  EXPECT_FALSE(store_->alias("machine:m:live").value().has_value());
  EXPECT_TRUE(store_->tags("machine:m").value().empty());
}

TEST_F(catalogue, shows_versions_newest_first_in_pages) {
  commit({PutVersion{version(1)}, PutVersion{version(2)}, PutVersion{version(10)}});
  const auto first = store_->versions("machine:m", {.size_max = 2, .token = {}}).value();
  ASSERT_EQ(first.rows.size(), 2u);
  EXPECT_EQ(first.rows[0].number, 10);
  EXPECT_EQ(first.rows[1].number, 2);
  const auto last =
      store_->versions("machine:m", {.size_max = 2, .token = first.next_token}).value();
  ASSERT_EQ(last.rows.size(), 1u);
  EXPECT_EQ(last.rows[0].number, 1);
  EXPECT_EQ(last.next_token, "");
  EXPECT_FALSE(store_->versions("other", {.size_max = 2, .token = first.next_token}).has_value());
}

TEST_F(catalogue, finds_executions_by_the_version_and_the_alias_they_were_started_by) {
  auto second = execution(2), third = execution(3);
  second.version = third.version = 7;
  third.alias = "live";
  commit({OpenExecution{execution(1)}, OpenExecution{second}, OpenExecution{third}});
  const auto count = [&](int64_t version, const std::string& alias) {
    return store_->executions({.machine_arn = "machine:m", .version = version, .alias = alias})
        .value()
        .executions.size();
  };
  EXPECT_EQ(count(0, ""), 3u);
  EXPECT_EQ(count(7, ""), 2u);
  EXPECT_EQ(count(0, "live"), 1u);
  EXPECT_EQ(count(8, ""), 0u);
}

TEST_F(catalogue, shows_a_redriven_execution_as_running_and_forgets_how_it_ended) {
  commit({OpenExecution{execution(1)}, CloseExecution{1, "FAILED", at(1001), "", "E", "C"}});
  commit({ReopenExecution{1, at(1002)}, AppendRecord{1, "again"}});
  open();
  const auto found = store_->execution("execution:m:e1").value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->status, "RUNNING");
  EXPECT_EQ(found->error, "");
  EXPECT_FALSE(found->stopped.has_value());
  EXPECT_EQ(found->redrives, 1);
  EXPECT_EQ(found->redriven, at(1002));
  commit({CloseExecution{1, "SUCCEEDED", at(1003), "{}", "", ""}});
  EXPECT_EQ(store_->execution("execution:m:e1").value()->output, "{}");
}

TEST_F(catalogue, is_added_to_a_file_of_the_first_format) {
  store_.reset();
  const std::string old = directory_ / "old.db";
  {
    const auto connection = Connection::open(old, Connection::Mode::read_write).value();
    ASSERT_TRUE(prepare_schema(*connection, 1).has_value());
    ASSERT_TRUE(connection
                    ->execute(concat("INSERT INTO definitions VALUES (1, '", sha256("{}"),
                                     "', '{}');"
                                     "INSERT INTO machines VALUES ('machine:new', 'new', 1, 'role',"
                                     " 'STANDARD', 'ACTIVE', 'r0', 5, 5);"
                                     "INSERT INTO machines VALUES ('machine:m', 'm', 1, 'role',"
                                     " 'STANDARD', 'ACTIVE', 'r1', 5, 6);"
                                     "INSERT INTO executions VALUES (1, 'execution:m:e1', 'e1',"
                                     " 'machine:m', 1, 'role', '', 'RUNNING', 7, NULL, 0);"
                                     "INSERT INTO inputs VALUES (1, '{}')"))
                    .has_value());
    JournalWriter journal(1);
    journal.append(1, 0, "begun");
    const auto rows = std::move(journal).finish();
    Statement row = connection->statement("INSERT INTO journal VALUES (1, ?)").value();
    ASSERT_TRUE(row.bind_bytes(rows[0].bytes).run().has_value());
  }
  const auto opened = open_sqlite_store(old);
  ASSERT_TRUE(opened.has_value()) << opened.error().text();
  EXPECT_EQ((*opened)->machine("machine:new").value()->revision_id, "");
  EXPECT_EQ((*opened)->machine("machine:m").value()->revision_id, "r1");
  const auto kept = (*opened)->open_executions(0, 10).value().executions;
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].type, "STANDARD");
  EXPECT_EQ(kept[0].machine_updated, std::nullopt);
  ASSERT_TRUE((*opened)->commit({PutVersion{version(1)}}).has_value());
}

}  // namespace
}  // namespace pawl::store
