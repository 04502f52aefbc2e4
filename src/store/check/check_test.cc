// GCC 12 takes the other alternatives of a variant in an initializer list for uninitialized.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include "store/check/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/hash.h"
#include "base/text.h"
#include "store/journal.h"
#include "store/schema.h"
#include "store/sqlite.h"
#include "store/testing_store.h"
#include "world/files.h"
#include "world/scratch_directory.h"

namespace pawl::store {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> told(const CheckReport& report) {
  std::vector<std::string> lines;
  for (const Finding& finding : report.findings) {
    EXPECT_FALSE(finding.hint.empty());
    lines.push_back(concat(finding.place, " ", finding.what));
  }
  return lines;
}

class checked_store : public ::testing::Test {
 protected:
  // A machine; execution 1 has ended, 2 runs with a large input; some checkpoints between them.
  checked_store() : store_(open_store(path_, {.journal_rows_max = 3})) {
    const std::string large(40'000, 'x');
    commit(*store_, {PutMachine{machine("m")}});
    for (int64_t id = 1; id <= 2; ++id) {
      Execution opened = execution(id);
      if (id == 2) opened.input = concat("\"", large, "\"");
      commit(*store_, {OpenExecution{opened}, AppendRecord{id, "begun"}});
      commit(*store_, {AppendRecord{id, "a"}, AppendRecord{id, "b"}});
    }
    commit(*store_, {AppendRecord{2, large + "!", {{0, large.size()}}}});
    commit(*store_, {AppendRecord{1, "end"}, CloseExecution{1, "SUCCEEDED", {}, "{}", "", ""}});
  }

  CheckReport check() {
    auto report = check_data_file(path_);
    EXPECT_TRUE(report.has_value()) << report.error().text();
    return report.has_value() ? *std::move(report) : CheckReport{};
  }
  // As a stranger would, behind the back of the store.
  void change(const std::string& sql) {
    store_.reset();
    auto connection = Connection::open(path_, Connection::Mode::read_write);
    const auto changed = (*connection)->execute(sql);
    ASSERT_TRUE(changed.has_value()) << changed.error().text();
  }

  world::ScratchDirectory directory_;
  const std::string path_ = directory_ / "data/pawl.db";
  std::unique_ptr<Store> store_;
};

TEST_F(checked_store, is_sound_while_it_is_in_use_and_after_it) {
  for (int time = 0; time < 2; ++time) {
    const CheckReport report = check();
    EXPECT_THAT(told(report), IsEmpty());
    EXPECT_EQ(report.format, format_version);
    EXPECT_EQ(report.machines, 1);
    EXPECT_EQ(report.executions, 2);
    EXPECT_EQ(report.running, 1);
    EXPECT_EQ(report.records, 8);
    EXPECT_EQ(report.journal_rows, 6);
    EXPECT_EQ(report.texts, 3);  // the definition, the input, and what is large in a record
    store_.reset();
  }
}

struct Damage {
  const char* change;
  const char* told;
};
class damaged_store : public checked_store, public ::testing::WithParamInterface<Damage> {};

TEST_P(damaged_store, is_told_by_place) {
  change(GetParam().change);
  EXPECT_THAT(told(check()), Contains(HasSubstr(GetParam().told)));
}
INSTANTIATE_TEST_SUITE_P(
    damages, damaged_store,
    ::testing::Values(
        Damage{"UPDATE journal SET bytes = CAST(x'00' || bytes AS BLOB) WHERE position = 3",
               "the journal's row 3 is damaged"},
        Damage{"DELETE FROM journal WHERE position IN (3, 4)",
               "the journal's rows from 3 to 4 are missing"},
        Damage{"DELETE FROM journal WHERE position > 3",
               "the journal's rows from 4 to 6 are missing"},
        Damage{"UPDATE texts SET text = 'other' WHERE id = 1",
               "text 1 (the definition of machine machine:m, "},
        Damage{"DELETE FROM texts WHERE id = 1", "machine machine:m names a definition"},
        Damage{"DELETE FROM texts WHERE id = 1", "execution execution:m:e1 names a definition"},
        Damage{"DELETE FROM texts WHERE id = 2", "execution execution:m:e2 has no input"},
        Damage{"DELETE FROM texts WHERE id = 3",
               "has a record of execution 2 whose text 3 is missing"},
        Damage{"DELETE FROM inputs WHERE execution = 1", "execution execution:m:e1 has no input"},
        Damage{"DELETE FROM results", "execution execution:m:e1 has ended and has no result"},
        Damage{"DELETE FROM executions WHERE id = 2",
               "execution 2 has a history, and no row of its own"},
        Damage{"DELETE FROM executions WHERE id = 2",
               "execution 2 has an input, and no row of its own"},
        Damage{"UPDATE executions SET head = 1 WHERE id = 2",
               "execution execution:m:e2 ends in the journal's row"},
        Damage{"UPDATE executions SET status = 'WELL' WHERE id = 2",
               "execution execution:m:e2 has a status that cannot be"},
        Damage{"DELETE FROM facts WHERE name = 'secret'", "fact secret is missing"},
        Damage{"INSERT INTO documents VALUES ('k', 'd', 'torn {', crc32c('k', 'd', 'torn {'))",
               "document k d is no JSON"},
        Damage{"INSERT INTO job_changes (job, text) VALUES (7, 'torn {')",
               "change 1 of job 7 is no JSON"},
        Damage{"INSERT INTO job_changes (job, text) VALUES (7, '[]')",
               "job 7 has lost its beginning"},
        Damage{"INSERT INTO tags (arn, tags) VALUES ('machine:m', '[7]')",
               "the tags of machine:m a list in the catalogue is malformed"},
        Damage{"DROP TABLE results", "cannot be read"}));

TEST_F(checked_store, with_a_log_that_is_damaged_before_its_end_is_not_sound) {
  const std::string left = directory_ / "data/left.db";
  for (const char* suffix : {"", "-wal"}) std::filesystem::copy_file(path_ + suffix, left + suffix);
  std::string log = world::read_file(left + "-wal").value();
  log[1000] ^= 1;
  ASSERT_TRUE(world::write_file_atomically(left + "-wal", log, 0600).has_value());
  const auto report = check_data_file(left);
  ASSERT_TRUE(report.has_value()) << report.error().text();
  EXPECT_THAT(told(*report),
              Contains(HasSubstr("the write-ahead log cannot be read: the write-ahead log is "
                                 "damaged at byte 32, and commits")));
}

TEST_F(checked_store, tells_a_damaged_row_once_and_not_its_histories_too) {
  change("UPDATE journal SET bytes = CAST(x'00' || bytes AS BLOB) WHERE position = 2");
  EXPECT_THAT(told(check()), ElementsAre("the journal's row 2 is damaged"));
}

TEST_F(checked_store, of_a_history_that_skips_a_record_is_not_sound) {
  // A row that is whole and in its place, but from another time.
  JournalWriter row(4);
  row.append(2, 2, "a");
  const std::string bytes = hex(std::move(row).finish()[0].bytes);
  change(concat("UPDATE journal SET bytes = x'", bytes, "' WHERE position = 4"));
  EXPECT_THAT(told(check()),
              Contains("the journal's row 4 has a record of execution 2 that follows one in row 2, "
                       "not the one in row 3"));
}

TEST_F(checked_store, of_an_older_format_is_read_as_far_as_that_goes) {
  const std::string old = directory_ / "old.db";
  {
    auto connection = Connection::open(old, Connection::Mode::read_write);
    ASSERT_TRUE(prepare_schema(**connection, 1).has_value());
    ASSERT_TRUE((*connection)->execute("INSERT INTO journal VALUES (1, x'0102')").has_value());
  }
  const auto report = check_quiet_file(old);
  ASSERT_TRUE(report.has_value()) << report.error().text();
  EXPECT_EQ(report->format, 1);
  EXPECT_THAT(told(*report), ElementsAre("the journal's row 1 is damaged"));
}

// Texts have hashes since format 3, and name what needs them since format 4.
TEST_F(checked_store, of_format_4_is_read_but_for_sums_that_it_has_not) {
  const std::string old = directory_ / "old.db";
  {
    auto connection = Connection::open(old, Connection::Mode::read_write);
    ASSERT_TRUE(prepare_schema(**connection, 4).has_value());
    ASSERT_TRUE((*connection)
                    ->execute("INSERT INTO texts VALUES (1, 'of another', '{}');"
                              "INSERT INTO documents VALUES ('queue', 'q', 'torn {')")
                    .has_value());
  }
  const auto report = check_quiet_file(old);
  ASSERT_TRUE(report.has_value()) << report.error().text();
  EXPECT_THAT(told(*report), ElementsAre("text 1 is damaged: it is not what its hash is of",
                                         "document queue q is no JSON"));
  EXPECT_EQ(report->unchecked_rows, 5);  // and four facts
}

TEST_F(checked_store, of_a_newer_format_is_refused) {
  change("PRAGMA user_version = 99");
  EXPECT_EQ(check_data_file(path_).error().code(), ErrorCode::unsupported);
}

TEST_F(checked_store, that_is_not_there_is_not_found) {
  EXPECT_EQ(check_data_file(directory_ / "none.db").error().code(), ErrorCode::not_found);
}

TEST_F(checked_store, is_read_no_further_once_nobody_wants_it) {
  const auto report = check_data_file(path_, [](const Step&) { return false; });
  EXPECT_EQ(report.error().code(), ErrorCode::cancelled);
}

}  // namespace
}  // namespace pawl::store
