// GCC 12 takes the other alternatives of a variant in an initializer list for uninitialized.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include "store/row_checksums.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "store/check/check.h"
#include "store/journal.h"
#include "store/schema.h"
#include "store/sqlite.h"
#include "store/testing_store.h"
#include "world/scratch_directory.h"

namespace pawl::store {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

int64_t unchecked_rows(const std::string& path) { return check_data_file(path)->unchecked_rows; }
std::vector<std::string> findings(const std::string& path) {
  const auto report = check_data_file(path);
  EXPECT_TRUE(report.has_value()) << report.error().text();
  std::vector<std::string> lines;
  for (const Finding& finding : report->findings)
    lines.push_back(concat(finding.place, " ", finding.what));
  return lines;
}

class summed_rows : public ::testing::Test {
 protected:
  summed_rows() : store_(open_store(path_)) {
    commit(*store_, {PutMachine{machine("m")}, PutTags{"machine:m", {{"key", "value"}}},
                     PutMachine{machine("other")}, PutTags{"machine:other", {{"key", "value"}}},
                     PutVersion{version(1)}, PutVersion{version(2)}, PutAlias{alias("a")},
                     PutAlias{alias("b")}, PutActivity{activity("a")}, PutActivity{activity("b")}});
    for (int64_t id = 1; id <= 3; ++id)
      commit(*store_, {OpenExecution{execution(id)}, AppendRecord{id, "begun"},
                       PutDocument{{"queue", concat("q", id), "{}"}}, AppendJobChanges{id, "{}"}});
    commit(*store_, {AppendRecord{1, "end"}, CloseExecution{1, "SUCCEEDED", at(9), "1", "", ""}});
    commit(*store_, {AppendRecord{2, "end"}, CloseExecution{2, "FAILED", at(9), "", "E", "C"}});
  }

  static Version version(int64_t number) {
    return {.machine_arn = "machine:m",
            .number = number,
            .definition = "{}",
            .role_arn = "role",
            .revision_id = "r",
            .settings = {},
            .description = "of then",
            .created = at(3)};
  }
  static Alias alias(const std::string& name) {
    return {"alias:" + name, "machine:m", name, "", {{1, 100}}, at(1), at(2)};
  }
  static Activity activity(const std::string& name) {
    return {.arn = "activity:" + name, .name = name, .settings = {}, .created = at(1)};
  }

  // As a disk would, behind the back of the store: the sums stay as they were.
  void change(const std::string& sql) {
    auto connection = Connection::open(path_, Connection::Mode::read_write);
    const auto changed = (*connection)->execute(sql);
    ASSERT_TRUE(changed.has_value()) << changed.error().text();
  }

  world::ScratchDirectory directory_;
  const std::string path_ = directory_ / "data/pawl.db";
  std::unique_ptr<Store> store_;
};

TEST_F(summed_rows, are_sound_whatever_has_become_of_them) {
  commit(*store_, {ReopenExecution{2, at(10)}, AppendRecord{2, "again"}});
  commit(*store_, {AppendRecord{2, "end"}, CloseExecution{2, "ABORTED", at(11), "", "", ""},
                   PutMachine{machine("m")}, PutDocument{{"queue", "q1", "[]"}}});
  EXPECT_THAT(findings(path_), IsEmpty());
  store_.reset();
  store_ = open_store(path_, {.moved_heads_max = 0});
  commit(*store_, {AppendRecord{3, "the heads are written to their rows"}});
  EXPECT_THAT(findings(path_), IsEmpty());
  EXPECT_EQ(unchecked_rows(path_), 0);
  EXPECT_TRUE(told(*store_).has_value());
}

using Read = std::string (*)(Store&);
template <typename T>
std::string error_of(const Result<T>& read) {
  if (read.has_value()) return "";
  EXPECT_EQ(read.error().code(), ErrorCode::corrupt);
  EXPECT_EQ(read.error().hint(), "Restore the data directory from a backup.");
  return read.error().message();
}
std::string first(Store& store) { return error_of(store.execution("execution:m:e1")); }
std::string second(Store& store) { return error_of(store.execution_of_id(2)); }
// A list leaves it out, and has the others.
template <typename List>
std::string error_in(const Result<List>& list, size_t others) {
  EXPECT_EQ(list.value().executions.size(), others);
  EXPECT_EQ(list->damaged.size(), 1u);
  return list->damaged.empty() ? "" : error_of(Result<Execution>(list->damaged[0].error));
}
std::string third(Store& store) { return error_in(store.open_executions(0, 9), 0); }
std::string listed(Store& store) { return error_in(store.executions({}), 2); }
std::string one_machine(Store& store) { return error_of(store.machine("machine:m")); }
std::string all_machines(Store& store) { return error_of(store.machines({})); }
std::string one_version(Store& store) { return error_of(store.version("machine:m", 1)); }
std::string all_versions(Store& store) { return error_of(store.versions("machine:m", {})); }
std::string one_alias(Store& store) { return error_of(store.alias("alias:a")); }
std::string all_aliases(Store& store) { return error_of(store.aliases("machine:m")); }
std::string one_activity(Store& store) { return error_of(store.activity("activity:a")); }
std::string all_activities(Store& store) { return error_of(store.activities({})); }
std::string some_tags(Store& store) { return error_of(store.tags("machine:m")); }
std::string some_documents(Store& store) { return error_of(store.documents("queue")); }
std::string some_changes(Store& store) { return error_of(store.job_changes(0, 9)); }

struct Damage {
  std::string change;
  std::vector<Read> reads;
  std::string said, found;
};
class damaged_row : public summed_rows, public ::testing::WithParamInterface<Damage> {};

TEST_P(damaged_row, is_told_to_who_reads_it_and_by_the_check) {
  change(GetParam().change);
  for (const Read read : GetParam().reads) EXPECT_EQ(read(*store_), GetParam().said);
  EXPECT_THAT(findings(path_),
              Contains(GetParam().found + " is damaged: it is not what its checksum is of"));
  // The others are served, and what is going on goes on.
  EXPECT_TRUE(store_->machine("machine:other").value().has_value());
  EXPECT_TRUE(store_->version("machine:m", 2).value().has_value());
  EXPECT_TRUE(store_->alias("alias:b").value().has_value());
  EXPECT_TRUE(store_->activity("activity:b").value().has_value());
  EXPECT_EQ(store_->tags("machine:other").value().size(), 1u);
  commit(*store_, {OpenExecution{execution(4)}, AppendRecord{4, "begun"}, AppendRecord{3, "more"}});
  EXPECT_EQ(store_->execution_of_id(4).value()->status, "RUNNING");
  EXPECT_EQ(store_->records(3).value().size(), 2u);
}

Damage of(std::string change, std::vector<Read> reads, std::string said, std::string found) {
  return {std::move(change), std::move(reads), std::move(said), std::move(found)};
}
// Where the reader and the check call it alike.
Damage of(std::string change, std::vector<Read> reads, const std::string& name) {
  return of(std::move(change), std::move(reads),
            name + " is damaged: it is not what its checksum is of", name);
}
constexpr const char* row = "execution 1 is damaged: its row: it is not what its checksum is of";
INSTANTIATE_TEST_SUITE_P(
    executions, damaged_row,
    ::testing::Values(of("UPDATE inputs SET input = '{\"n\": 9}' WHERE execution = 1", {first},
                         "execution 1 is damaged: its input: it is not what its checksum is of",
                         "the input of execution execution:m:e1"),
                      of("UPDATE inputs SET large = 1 WHERE execution = 3", {third},
                         "execution 3 is damaged: its input: it is not what its checksum is of",
                         "the input of execution execution:m:e3"),
                      of("UPDATE inputs SET checksum = NULL WHERE execution = 1", {first},
                         "execution 1 is damaged: its input: it is not what its checksum is of",
                         "the input of execution execution:m:e1"),
                      of("UPDATE results SET output = '2' WHERE execution = 1", {first},
                         "execution 1 is damaged: its result: it is not what its checksum is of",
                         "the result of execution execution:m:e1"),
                      of("UPDATE results SET cause = 'D' WHERE execution = 2", {second, listed},
                         "execution 2 is damaged: its result: it is not what its checksum is of",
                         "the result of execution execution:m:e2"),
                      of("UPDATE executions SET role_arn = 'rolf' WHERE id = 1", {first, listed},
                         row, "execution execution:m:e1"),
                      of("UPDATE executions SET started = started + 1 WHERE id = 1",
                         {first, listed}, row, "execution execution:m:e1"),
                      of("UPDATE executions SET status = 'ABORTED' WHERE id = 1", {first, listed},
                         row, "execution execution:m:e1"),
                      of("UPDATE executions SET redrives = 1 WHERE id = 1", {first, listed}, row,
                         "execution execution:m:e1"),
                      of("UPDATE executions SET checksum = NULL WHERE id = 1", {first, listed}, row,
                         "execution execution:m:e1"),
                      of("UPDATE executions SET name = 'f3' WHERE id = 3", {third, listed},
                         "execution 3 is damaged: its row: it is not what its checksum is of",
                         "execution execution:m:e3")));
INSTANTIATE_TEST_SUITE_P(
    others, damaged_row,
    ::testing::Values(
        of("UPDATE machines SET role_arn = 'rolf' WHERE name = 'm'", {one_machine, all_machines},
           "machine machine:m"),
        of("UPDATE versions SET description = '' WHERE number = 1", {one_version, all_versions},
           "version machine:m:1"),
        of("UPDATE aliases SET routes = '[[2,100]]' WHERE name = 'a'", {one_alias, all_aliases},
           "alias alias:a"),
        of("UPDATE activities SET created = 1 WHERE name = 'a'", {one_activity, all_activities},
           "activity activity:a"),
        of("UPDATE tags SET tags = '[]' WHERE arn = 'machine:m'", {some_tags},
           "the tags of machine:m"),
        of("UPDATE documents SET text = '[]' WHERE key = 'q1'", {some_documents},
           "document queue q1"),
        of("UPDATE job_changes SET text = '[]' WHERE job = 2", {some_changes}, "change 2 of job 2"),
        of("UPDATE job_changes SET job = 7 WHERE job = 2", {some_changes}, "change 2 of job 7")));

TEST_F(summed_rows, stay_damaged_when_something_else_of_them_changes) {
  change("UPDATE executions SET role_arn = 'rolf' WHERE id = 3");
  change("UPDATE executions SET redrives = 7 WHERE id = 2");
  commit(*store_, {AppendRecord{3, "end"}, CloseExecution{3, "SUCCEEDED", at(9), "1", "", ""},
                   ReopenExecution{2, at(10)}, AppendRecord{2, "again"}});
  for (const int64_t id : {2, 3})
    EXPECT_EQ(error_of(store_->execution_of_id(id)),
              concat("execution ", id, " is damaged: its row: it is not what its checksum is of"));
}

TEST_F(summed_rows, that_say_where_a_history_ends_are_not_trusted_when_they_are_damaged) {
  constexpr CheckpointLimits each_time{.moved_heads_max = 0};
  store_.reset();
  store_ = open_store(path_, each_time);
  commit(*store_, {AppendRecord{3, "the heads are written to their rows"}});
  ASSERT_EQ(store_->records(3).value().size(), 2u);
  // There is a record of it, though not its last.
  change("UPDATE executions SET head = 3 WHERE id = 3");
  const std::string said =
      "execution 3 is damaged: where its history ends: it is not what its checksum is of";
  EXPECT_EQ(error_of(store_->records(3)), said);
  EXPECT_THAT(findings(path_), Contains("where the history of execution execution:m:e3 ends is "
                                        "damaged: it is not what its checksum is of"));
  EXPECT_EQ(store_->records(2).value().size(), 2u);
  // A record behind the wrong one would lose those between.
  EXPECT_EQ(error_of(store_->commit({AppendRecord{3, "more"}})), said);
}

TEST_F(summed_rows, of_facts_are_compared_at_the_start) {
  store_.reset();
  change("UPDATE facts SET value = value + 1 WHERE name IN ('checkpoint', 'secret 2')");
  EXPECT_EQ(error_of(open_sqlite_store(path_)),
            path_ +
                ": the facts checkpoint, secret 2 are damaged: they are not what their "
                "checksums are of");
  EXPECT_THAT(findings(path_),
              Contains("fact secret 2 is damaged: it is not what its checksum is of"));
}

// As format 4 has left them: a machine, an execution that has ended, one that runs, and a job.
class rows_of_format_4 : public summed_rows {
 protected:
  rows_of_format_4() {
    store_.reset();
    const auto connection = Connection::open(old_, Connection::Mode::read_write).value();
    EXPECT_TRUE(prepare_schema(*connection, 4).has_value());
    const auto filled = connection->execute(concat(
        "INSERT INTO texts VALUES (1, '", sha256("{}"), "', '{}');",
        "INSERT INTO machines (arn, name, definition, role_arn, type, status, revision_id, created,"
        " updated) VALUES ('machine:m', 'm', 1, 'role', 'STANDARD', 'ACTIVE', '', 5, 5);"
        "INSERT INTO tags VALUES ('machine:m', '[[\"a\",\"b\"]]');"
        "INSERT INTO executions (id, arn, name, machine_arn, definition, role_arn, started_by,"
        " status, started, stopped, head) VALUES"
        " (1, 'execution:m:e1', 'e1', 'machine:m', 1, 'role', '', 'SUCCEEDED', 7, 8, 1),"
        " (2, 'execution:m:e2', 'e2', 'machine:m', 1, 'role', '', 'RUNNING', 7, NULL, 1);"
        "INSERT INTO inputs VALUES (1, '{}', NULL), (2, '{\"a\":1}', NULL);"
        "INSERT INTO results VALUES (1, '', '', '[1]', NULL);"
        "INSERT INTO documents VALUES ('queue', 'q', '{}');"
        "INSERT INTO job_changes (job, text) VALUES (1, '{}');"
        "UPDATE facts SET value = 1 WHERE name = 'checkpoint'"));
    EXPECT_TRUE(filled.has_value()) << filled.error().text();
    JournalWriter journal(1);
    journal.append(1, 0, "all of the first");
    journal.append(2, 0, "begun");
    const auto rows = std::move(journal).finish();
    Statement row = connection->statement("INSERT INTO journal VALUES (1, ?)").value();
    EXPECT_TRUE(row.bind_bytes(rows[0].bytes).run().has_value());
  }

  void damage(const std::string& sql) {
    const auto connection = Connection::open(old_, Connection::Mode::read_write).value();
    const auto changed = connection->execute(sql);
    ASSERT_TRUE(changed.has_value()) << changed.error().text();
  }

  const std::string old_ = directory_ / "old.db";
};

TEST_F(rows_of_format_4, are_read_and_go_on) {
  {
    auto store = open_store(old_);
    EXPECT_EQ(store->machine("machine:m").value()->role_arn, "role");
    EXPECT_EQ(store->tags("machine:m").value().size(), 1u);
    EXPECT_EQ(store->execution("execution:m:e1").value()->output, "[1]");
    EXPECT_EQ(store->open_executions(0, 9).value().executions.at(0).input, "{\"a\":1}");
    EXPECT_EQ(store->executions({}).value().executions.size(), 2u);
    EXPECT_EQ(store->records(1).value().size(), 1u);
    EXPECT_EQ(store->documents("queue").value().size(), 1u);
    EXPECT_EQ(store->job_changes(0, 9).value().size(), 1u);
    commit(*store,
           {AppendRecord{2, "end"}, CloseExecution{2, "SUCCEEDED", at(9), "2", "", ""},
            OpenExecution{execution(3)}, AppendRecord{3, "begun"}, AppendJobChanges{2, "{}"}});
  }
  EXPECT_THAT(findings(old_), IsEmpty());
  EXPECT_EQ(unchecked_rows(old_), 6);  // two executions, their inputs, a result, a change of a job
  auto store = open_store(old_, {.moved_heads_max = 0});
  EXPECT_EQ(store->execution_of_id(2).value()->output, "2");
  commit(*store, {ReopenExecution{1, at(10)}, AppendRecord{1, "again"}});
  EXPECT_EQ(store->records(1).value().size(), 2u);
  EXPECT_THAT(findings(old_), IsEmpty());
}

TEST_F(rows_of_format_4, have_no_sums_where_there_may_be_millions_and_new_ones_have) {
  commit(*open_store(old_),
         {OpenExecution{execution(3)}, AppendRecord{3, "begun"}, AppendJobChanges{2, "{}"},
          AppendRecord{2, "end"}, CloseExecution{2, "SUCCEEDED", at(9), "2", "", ""}});
  // Not known, and so not found.
  damage("UPDATE executions SET role_arn = 'rolf' WHERE id = 1");
  damage("UPDATE inputs SET input = '[]' WHERE execution = 1");
  damage("UPDATE job_changes SET text = '[]' WHERE job = 1");
  EXPECT_TRUE(open_store(old_)->execution_of_id(1).value().has_value());
  damage("UPDATE machines SET role_arn = 'rolf'");
  damage("UPDATE documents SET text = '[]'");
  damage("UPDATE executions SET checksum = NULL WHERE id = 3");
  damage("UPDATE inputs SET checksum = NULL WHERE execution = 3");
  damage("UPDATE results SET output = '3' WHERE execution = 2");
  damage("UPDATE job_changes SET checksum = NULL WHERE job = 2");
  const auto found = findings(old_);
  for (const char* place : {"machine machine:m", "document queue q", "execution execution:m:e3",
                            "the input of execution execution:m:e3",
                            "the result of execution execution:m:e2", "change 2 of job 2"})
    EXPECT_THAT(found, Contains(concat(place, " is damaged: it is not what its checksum is of")));
  EXPECT_THAT(found, ::testing::Not(Contains(HasSubstr("execution:m:e1 is damaged"))));
}

}  // namespace
}  // namespace pawl::store
