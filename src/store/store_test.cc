// GCC 12 takes the other alternatives of a variant in an initializer list for uninitialized.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <random>

#include "base/text.h"
#include "store/journal.h"
#include "store/sqlite.h"
#include "store/sqlite_store.h"
#include "store/testing_store.h"
#include "world/files.h"
#include "world/scratch_directory.h"

namespace pawl::store {
namespace {

using ::testing::HasSubstr;

std::vector<int64_t> ids(const ExecutionPage& page) {
  std::vector<int64_t> ids;
  for (const Execution& each : page.executions) ids.push_back(each.id);
  return ids;
}

class store_file : public ::testing::Test {
 protected:
  world::ScratchDirectory directory_;
  const std::string path_ = directory_ / "data/pawl.db";
};

TEST_F(store_file, is_for_its_owner_only_also_where_it_was_for_everyone) {
  const auto expect_private = [&] {
    EXPECT_EQ(world::file_mode(path_).value(), 0600u);
    EXPECT_EQ(world::file_mode(path_ + "-wal").value(), 0600u);
    EXPECT_EQ(world::file_mode(path_ + "-shm").value(), 0600u);
  };
  {
    auto store = open_store(path_);
    EXPECT_EQ(world::file_mode(world::parent_directory(path_)).value(), 0700u);
    expect_private();
  }
  std::filesystem::permissions(path_, std::filesystem::perms(0644));
  auto store = open_store(path_);
  expect_private();
}

TEST_F(store_file, keeps_machines_executions_and_records_when_it_is_opened_again) {
  {
    auto store = open_store(path_);
    commit(*store, {PutMachine{machine("m")}, OpenExecution{execution(1)},
                    AppendRecord{1, std::string("begin\0of", 8)}});
    commit(*store, {AppendRecord{1, "second"}, AppendRecord{1, ""}});
    commit(*store, {AppendRecord{1, "last"},
                    CloseExecution{1, "FAILED", at(5000), "", "An.Error", "the cause"}});
  }
  auto store = open_store(path_);
  const auto found = store->machine("machine:m").value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->definition, "{\"of\": \"m\"}");
  EXPECT_EQ(found->revision_id, "r1");
  EXPECT_EQ(found->updated, at(2));
  EXPECT_FALSE(store->machine("machine:other").value().has_value());

  const Execution closed = store->execution("execution:m:e1").value().value();
  EXPECT_EQ(closed.status, "FAILED");
  EXPECT_EQ(closed.stopped, at(5000));
  EXPECT_EQ(closed.error, "An.Error");
  EXPECT_EQ(closed.cause, "the cause");
  EXPECT_EQ(closed.input, "{\"n\": 1}");
  EXPECT_EQ(closed.definition, "{\"of\": \"m\"}");
  EXPECT_EQ(store->records(1).value(),
            (std::vector<std::string>{std::string("begin\0of", 8), "second", "", "last"}));
  EXPECT_TRUE(store->open_executions(0, 10).value().executions.empty());
  EXPECT_EQ(store->last_execution_id().value(), 1);
}

TEST_F(store_file, finds_every_history_across_checkpoints_by_either_limit) {
  constexpr int64_t executions = 40;
  const CheckpointLimits limits{.moved_heads_max = 35, .journal_rows_max = 7};
  std::mt19937_64 random(7);
  std::vector<std::vector<std::string>> expected(executions + 1);
  auto store = open_store(path_, limits);
  std::vector<Write> opened;
  for (int64_t id = 1; id <= executions; ++id) opened.push_back(OpenExecution{execution(id)});
  commit(*store, opened);
  for (int turn = 0; turn < 60; ++turn) {
    std::vector<Write> writes;
    for (int each = 0; each < 30; ++each) {
      const auto id = static_cast<int64_t>(random() % executions) + 1;
      expected[id].push_back(concat(turn, ":", each, std::string(random() % 2000, 'x')));
      writes.push_back(AppendRecord{id, expected[id].back()});
    }
    commit(*store, writes);
    if (turn % 13 == 12) {
      store.reset();
      store = open_store(path_, limits);
    }
  }
  for (int64_t id = 1; id <= executions; ++id) EXPECT_EQ(store->records(id).value(), expected[id]);
}

TEST_F(store_file, shows_an_update_of_a_machine_without_changing_executions) {
  auto store = open_store(path_);
  commit(*store, {PutMachine{machine("m")}, OpenExecution{execution(1)}});
  Machine changed = machine("m");
  changed.definition = "{\"changed\": true}";
  commit(*store, {PutMachine{changed}});
  EXPECT_EQ(store->machine("machine:m").value()->definition, "{\"changed\": true}");
  EXPECT_EQ(store->execution("execution:m:e1").value()->definition, "{\"of\": \"m\"}");
  commit(*store, {DeleteMachine{"machine:m"}});
  EXPECT_FALSE(store->machine("machine:m").value().has_value());
}

TEST_F(store_file, pages_executions_newest_first_while_more_are_added) {
  auto store = open_store(path_);
  for (int64_t id = 1; id <= 5; ++id) commit(*store, {OpenExecution{execution(id)}});
  ExecutionQuery query{.machine_arn = "machine:m", .page = {.size_max = 2}};
  ExecutionPage page = store->executions(query).value();
  EXPECT_EQ(ids(page), (std::vector<int64_t>{5, 4}));
  commit(*store, {OpenExecution{execution(6)}});
  query.page.token = page.next_token;
  page = store->executions(query).value();
  EXPECT_EQ(ids(page), (std::vector<int64_t>{3, 2}));
  query.page.token = page.next_token;
  page = store->executions(query).value();
  EXPECT_EQ(ids(page), (std::vector<int64_t>{1}));
  EXPECT_EQ(page.next_token, "");
}

TEST_F(store_file, filters_executions_by_machine_status_and_start) {
  auto store = open_store(path_);
  for (int64_t id = 1; id <= 3; ++id) commit(*store, {OpenExecution{execution(id)}});
  commit(*store, {OpenExecution{execution(4, "other")}});
  commit(*store, {CloseExecution{2, "SUCCEEDED", at(9), "{}", "", ""}});
  EXPECT_EQ(ids(store->executions({.status = "RUNNING"}).value()), (std::vector<int64_t>{4, 3, 1}));
  EXPECT_EQ(ids(store->executions({.machine_arn = "machine:m", .status = "SUCCEEDED"}).value()),
            (std::vector<int64_t>{2}));
  EXPECT_EQ(ids(store->executions({.started_from = at(1003)}).value()),
            (std::vector<int64_t>{4, 3}));
}

TEST_F(store_file, pages_machines_by_name) {
  auto store = open_store(path_);
  for (const char* name : {"c", "a", "b"}) commit(*store, {PutMachine{machine(name)}});
  const Page<Machine> first = store->machines({.size_max = 2}).value();
  ASSERT_EQ(first.rows.size(), 2u);
  EXPECT_EQ(first.rows[0].name, "a");
  const Page<Machine> second = store->machines({.size_max = 2, .token = first.next_token}).value();
  ASSERT_EQ(second.rows.size(), 1u);
  EXPECT_EQ(second.rows[0].name, "c");
  EXPECT_EQ(second.next_token, "");
}

TEST_F(store_file, refuses_a_token_that_it_did_not_give_for_this_list) {
  auto store = open_store(path_);
  for (int64_t id = 1; id <= 3; ++id) commit(*store, {OpenExecution{execution(id)}});
  const std::string token = store->executions({.page = {.size_max = 1}}).value().next_token;
  for (const std::string& wrong : {std::string("Invalid token"), token + "00", token.substr(2)}) {
    const auto refused = store->executions({.page = {.size_max = 1, .token = wrong}});
    ASSERT_FALSE(refused.has_value()) << wrong;
    EXPECT_EQ(refused.error().message(), "InvalidToken: Invalid Token: 'Invalid token'");
  }
  EXPECT_FALSE(store->executions({.machine_arn = "machine:m", .page = {.token = token}}));
}

TEST_F(store_file, says_who_holds_it_when_it_is_opened_twice) {
  auto store = open_store(path_);
  const auto second = open_sqlite_store(path_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code(), ErrorCode::conflict);
  EXPECT_EQ(second.error().message(), concat(path_, " is in use by process ", getpid()));
  store.reset();
  EXPECT_TRUE(open_sqlite_store(path_).has_value());
}

TEST_F(store_file, refuses_a_format_that_cannot_be) {
  { open_store(path_); }
  {
    auto connection = Connection::open(path_, Connection::Mode::read_write);
    ASSERT_TRUE((*connection)->execute("PRAGMA user_version = -3").has_value());
  }
  const auto impossible = open_sqlite_store(path_);
  ASSERT_FALSE(impossible.has_value());
  EXPECT_EQ(impossible.error().code(), ErrorCode::corrupt);
}

TEST_F(store_file, refuses_files_that_are_newer_or_not_its_own) {
  { open_store(path_); }
  {
    auto connection = Connection::open(path_, Connection::Mode::read_write);
    ASSERT_TRUE((*connection)->execute("PRAGMA user_version = 99").has_value());
  }
  const auto newer = open_sqlite_store(path_);
  ASSERT_FALSE(newer.has_value());
  EXPECT_EQ(newer.error().code(), ErrorCode::unsupported);

  const std::string foreign = directory_ / "foreign.db";
  {
    auto connection = Connection::open(foreign, Connection::Mode::read_write);
    ASSERT_TRUE((*connection)->execute("CREATE TABLE t (a)").has_value());
  }
  EXPECT_EQ(open_sqlite_store(foreign).error().code(), ErrorCode::corrupt);

  const std::string text = directory_ / "text.db";
  ASSERT_TRUE(world::write_file_atomically(text, std::string(9000, 'x'), 0600).has_value());
  EXPECT_EQ(open_sqlite_store(text).error().code(), ErrorCode::corrupt);
}

TEST_F(store_file, names_a_place_where_nothing_can_be_written) {
  const auto store = open_sqlite_store("/proc/pawl/pawl.db");
  ASSERT_FALSE(store.has_value());
  EXPECT_NE(store.error().message().find("/proc/pawl"), std::string::npos);
}

TEST_F(store_file, has_all_in_the_file_alone_once_it_is_closed) {
  {
    auto store = open_store(path_);
    commit(*store,
           {PutMachine{machine("m")}, OpenExecution{execution(1)}, AppendRecord{1, "kept"}});
    // Readers that are open when the store closes.
    EXPECT_EQ(store->records(1).value().size(), 1u);
  }
  EXPECT_FALSE(world::exists(path_ + "-wal"));
  const std::string copy = directory_ / "copy.db";
  std::filesystem::copy_file(path_, copy);
  auto store = open_store(copy);
  EXPECT_TRUE(store->machine("machine:m").value().has_value());
  EXPECT_EQ(store->records(1).value(), (std::vector<std::string>{"kept"}));
}

TEST_F(store_file, refuses_a_log_whose_file_is_gone_or_empty_and_leaves_it_alone) {
  auto store = open_store(path_);
  commit(*store, {OpenExecution{execution(1)}, AppendRecord{1, "kept"}});
  const std::string copy = directory_ / "copy.db", log = copy + "-wal";
  std::filesystem::copy_file(path_ + "-wal", log);
  const auto bytes = std::filesystem::file_size(log);
  for (const char* state : {" is missing", " is empty"}) {
    const auto refused = open_sqlite_store(copy);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code(), ErrorCode::corrupt);
    EXPECT_EQ(refused.error().message(), concat(copy, state, ", and ", log, " beside it holds ",
                                                bytes, " bytes of what was committed"));
    EXPECT_EQ(std::filesystem::file_size(log), bytes);
    ASSERT_TRUE(world::write_file_atomically(copy, "", 0600).has_value());
  }
  std::filesystem::remove(copy);
  std::filesystem::copy_file(path_, copy);
  EXPECT_EQ(open_store(copy)->records(1).value(), (std::vector<std::string>{"kept"}));
  std::filesystem::remove(copy);
  EXPECT_FALSE(open_store(copy)->execution("execution:m:e1").value().has_value());
}

struct Loss {
  const char* change;
  const char* said;
};
class lost_rows : public store_file, public ::testing::WithParamInterface<Loss> {};

TEST_P(lost_rows, are_noticed_at_the_start) {
  {
    auto store = open_store(path_);
    commit(*store, {PutMachine{machine("m")}});
    for (int64_t id = 1; id <= 3; ++id)
      commit(*store, {OpenExecution{execution(id)}, AppendRecord{id, "begun"}});
    commit(*store, {CloseExecution{2, "SUCCEEDED", at(9), "{}", "", ""}});
  }
  open_store(path_).reset();  // as it is
  {
    auto connection = Connection::open(path_, Connection::Mode::read_write);
    ASSERT_TRUE((*connection)->execute(GetParam().change).has_value());
  }
  const auto refused = open_sqlite_store(path_);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::corrupt);
  EXPECT_EQ(refused.error().message(), concat(path_, ": ", GetParam().said));
}
INSTANTIATE_TEST_SUITE_P(
    losses, lost_rows,
    ::testing::Values(
        Loss{"DELETE FROM inputs",
             "rows are missing in the data file: 2 inputs of running executions"},
        Loss{"DELETE FROM texts",
             "rows are missing in the data file: 1 definitions of machines, 2 definitions of "
             "running executions"},
        Loss{"DELETE FROM journal",
             "rows are missing in the data file: 2 histories of running executions"},
        Loss{"DELETE FROM journal WHERE position = 2",
             "the journal's rows from 2 to 2 are missing"},
        Loss{"DELETE FROM facts WHERE name <> 'secret 2'",
             "rows are missing in the data file: 3 facts"},
        Loss{"DELETE FROM executions WHERE id = 2",
             "rows are missing in the data file: 1 executions that have a history"},
        Loss{"DELETE FROM executions",
             "rows are missing in the data file: 3 executions that inputs belong to, 3 executions "
             "that have a history"}));

TEST_F(store_file, says_that_a_closed_execution_is_damaged_when_it_is_asked_for) {
  {
    auto store = open_store(path_);
    commit(*store, {OpenExecution{execution(1)}, AppendRecord{1, "begun"}});
    commit(*store, {CloseExecution{1, "SUCCEEDED", at(9), "{}", "", ""}});
  }
  {
    auto connection = Connection::open(path_, Connection::Mode::read_write);
    ASSERT_TRUE((*connection)->execute("DELETE FROM journal; DELETE FROM inputs").has_value());
  }
  auto store = open_store(path_);
  EXPECT_EQ(store->records(1).error().message(), "execution 1 is damaged: its history is missing");
  EXPECT_EQ(store->execution("execution:m:e1").error().message(),
            "execution 1 is damaged: its input: its row is missing");
}

// A record around a large text, as those are that hold large values.
AppendRecord with_large(int64_t id, const std::string& before, const std::string& text) {
  return {id,
          concat(before, text, "|", text, "after"),
          {{before.size(), text.size()}, {before.size() + text.size() + 1, text.size()}}};
}

TEST_F(store_file, keeps_a_large_text_once_whatever_has_it) {
  const std::string text(1 << 20, 'x');
  const auto before = [](int64_t id) { return concat("before ", id); };
  {
    auto store = open_store(path_);
    commit(*store, {PutMachine{machine("m")}});
    for (int64_t id = 1; id <= 20; ++id) {
      Execution opened = execution(id);
      opened.input = text;
      commit(*store, {OpenExecution{opened}, with_large(id, before(id), text),
                      AppendRecord{id, "between"}, with_large(id, "", text)});
      commit(*store, {CloseExecution{id, "SUCCEEDED", at(9), text, "", ""}});
    }
  }
  EXPECT_LT(std::filesystem::file_size(path_), text.size() + (160 << 10));
  auto store = open_store(path_);
  for (const int64_t id : {1, 20}) {
    const auto kept = store->execution_of_id(id).value();
    EXPECT_EQ(kept->input, text);
    EXPECT_EQ(kept->output, text);
    EXPECT_EQ(store->records(id).value(),
              (std::vector<std::string>{with_large(id, before(id), text).record, "between",
                                        with_large(id, "", text).record}));
  }
}

TEST_F(store_file, notices_that_a_large_text_is_missing) {
  const std::string text(100'000, 'x');
  {
    auto store = open_store(path_);
    Execution opened = execution(1);
    opened.input = text;
    commit(*store, {OpenExecution{opened}, AppendRecord{1, "begun"}});
    commit(*store, {OpenExecution{execution(2)}, with_large(2, "before", text + "y")});
    commit(*store, {OpenExecution{execution(3)}, AppendRecord{3, "begun"}});
    commit(*store, {CloseExecution{3, "SUCCEEDED", at(9), text + "z", "", ""}});
  }
  const auto without_large_texts = [&](const std::string& last) {
    const auto connection = Connection::open(path_, Connection::Mode::read_write).value();
    const auto changed = connection->execute(
        concat("DELETE FROM texts WHERE length(text) > 1000 AND text LIKE '%", last, "'"));
    EXPECT_TRUE(changed.has_value());
  };
  without_large_texts("y");
  without_large_texts("z");
  auto store = open_store(path_);
  EXPECT_EQ(store->records(2).error().message(), "the text 3 is missing in the data file");
  EXPECT_EQ(store->execution_of_id(3).error().message(),
            "execution 3 is damaged: its result: the text 4 is missing in the data file");
  store.reset();
  without_large_texts("x");
  EXPECT_EQ(open_sqlite_store(path_).error().message(),
            concat(path_, ": rows are missing in the data file: 1 inputs of running executions"));
}

TEST_F(store_file, notices_that_a_text_is_damaged_and_puts_it_right_when_it_comes_again) {
  const std::string text(100'000, 'x');
  const auto opened = [&](int64_t id) {
    Execution execution = store::execution(id);
    execution.input = text;
    return OpenExecution{execution};
  };
  commit(*open_store(path_), {PutMachine{machine("m")}, opened(1), AppendRecord{1, "begun"}});
  {
    const auto connection = Connection::open(path_, Connection::Mode::read_write).value();
    ASSERT_TRUE(connection->execute("UPDATE texts SET text = 'y' || substr(text, 2)").has_value());
  }
  auto store = open_store(path_);
  EXPECT_EQ(store->machine("machine:m").error().message(),
            "the text 1 is damaged in the data file");
  EXPECT_EQ(store->execution_of_id(1).error().message(),
            "execution 1 is damaged: its definition: the text 1 is damaged in the data file");
  commit(*store, {opened(2), AppendRecord{2, "begun"}});
  for (const int64_t id : {1, 2}) EXPECT_EQ(store->execution_of_id(id).value()->input, text);
}

// Makes every write beyond `bytes` of a file fail while it lives, as a broken disk would.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &now);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_;
};

TEST_F(store_file, takes_nothing_more_after_a_failed_commit_and_has_all_that_was_committed) {
  auto store = open_store(path_);
  commit(*store, {OpenExecution{execution(1)}, AppendRecord{1, "kept"}});
  {
    FileSizeLimit limit(200 << 10);
    const auto failed = store->commit({AppendRecord{1, std::string(1 << 20, 'x')}});
    ASSERT_FALSE(failed.has_value());
    EXPECT_NE(failed.error().message().find(path_), std::string::npos);
  }
  const auto refused = store->commit({AppendRecord{1, "small"}});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(store->records(1).value(), (std::vector<std::string>{"kept"}));
  store.reset();
  store = open_store(path_);
  EXPECT_EQ(store->records(1).value(), (std::vector<std::string>{"kept"}));
  commit(*store, {AppendRecord{1, "small"}});
}

// Whatever is cut off, what can be read is the beginning of what was written, or an error.
void expect_prefix_or_corrupt(const std::string& path, int64_t commits) {
  auto opened = open_sqlite_store(path);
  if (!opened.has_value()) {
    EXPECT_EQ(opened.error().code(), ErrorCode::corrupt) << opened.error().text();
    return;
  }
  const auto records = (*opened)->records(1);
  if (!records.has_value()) {
    EXPECT_EQ(records.error().code(), ErrorCode::corrupt) << records.error().text();
    return;
  }
  EXPECT_LE(records->size(), static_cast<size_t>(commits));
  for (size_t i = 0; i < records->size(); ++i) {
    EXPECT_EQ((*records)[i], concat(i, std::string(700, 'r')));
  }
}

class cut_file : public store_file, public ::testing::WithParamInterface<const char*> {};

TEST_P(cut_file, never_invents_when_its_end_is_missing) {
  constexpr int64_t commits = 100;
  const std::string copies = directory_ / "copies";
  auto store = open_store(path_);
  commit(*store, {OpenExecution{execution(1)}});
  for (int64_t i = 0; i < commits; ++i) {
    commit(*store, {AppendRecord{1, concat(i, std::string(700, 'r'))}});
  }
  std::mt19937_64 random(11);
  for (int round = 0; round < 25; ++round) {
    std::filesystem::remove_all(copies);
    std::filesystem::create_directory(copies);
    for (const char* suffix : {"", "-wal"}) {
      std::filesystem::copy_file(path_ + suffix, copies + "/pawl.db" + suffix);
    }
    const std::string cut = copies + "/pawl.db" + GetParam();
    std::filesystem::resize_file(cut, random() % std::filesystem::file_size(cut));
    expect_prefix_or_corrupt(copies + "/pawl.db", commits);
  }
  // The copy is whole when nothing was cut: the process may die without closing.
  std::filesystem::copy_file(path_, copies + "/whole.db");
  std::filesystem::copy_file(path_ + "-wal", copies + "/whole.db-wal");
  EXPECT_EQ(open_store(copies + "/whole.db")->records(1).value().size(),
            static_cast<size_t>(commits));
}
INSTANTIATE_TEST_SUITE_P(files, cut_file, ::testing::Values("", "-wal"));

class damaged_log : public store_file {
 protected:
  static constexpr int64_t commits = 20;

  damaged_log() {
    auto store = open_store(path_);
    commit(*store, {OpenExecution{execution(1)}});
    for (int64_t i = 0; i < commits; ++i)
      commit(*store, {AppendRecord{1, concat(i, std::string(700, 'r'))}});
    // As a process leaves them that dies.
    std::filesystem::create_directory(directory_ / "left");
    for (const char* suffix : {"", "-wal"})
      std::filesystem::copy_file(path_ + suffix, left_ + suffix);
    log_ = world::read_file(left_ + "-wal").value();
  }

  void leave_log(const std::string& bytes) {
    ASSERT_TRUE(world::write_file_atomically(left_ + "-wal", bytes, 0600).has_value());
  }

  const std::string left_ = directory_ / "left/pawl.db";
  std::string log_;
};

TEST_F(damaged_log, is_refused_wherever_commits_stand_behind_the_damage) {
  constexpr size_t frame_bytes = 24 + 4096, frames_of_last_commits = 8;
  const size_t end = log_.size() - frames_of_last_commits * frame_bytes;
  for (size_t at = 32; at < end; at += 1777) {
    std::string bytes = log_;
    bytes[at] ^= 4;
    leave_log(bytes);
    const auto refused = open_sqlite_store(left_);
    ASSERT_FALSE(refused.has_value()) << at;
    EXPECT_EQ(refused.error().code(), ErrorCode::corrupt);
    EXPECT_THAT(refused.error().message(), HasSubstr("the write-ahead log is damaged at byte "));
    EXPECT_EQ(world::read_file(left_ + "-wal").value(), bytes);
  }
}

TEST_F(damaged_log, ends_before_what_a_crash_has_torn) {
  std::string bytes = log_;
  bytes[bytes.size() - 100] ^= 4;
  leave_log(bytes);
  EXPECT_EQ(open_store(left_)->records(1).value().size(), static_cast<size_t>(commits - 1));
}

TEST_F(store_file, takes_nothing_more_once_its_file_was_removed) {
  auto store = open_store(path_);
  commit(*store, {OpenExecution{execution(1)}});
  std::filesystem::remove_all(directory_ / "data");
  const auto committed = store->commit({AppendRecord{1, "lost"}});
  ASSERT_FALSE(committed.has_value());
  EXPECT_THAT(committed.error().message(), HasSubstr("the data file was removed"));
}

TEST(journal, notices_a_changed_byte_and_a_row_in_the_wrong_place) {
  JournalWriter writer(5);
  writer.append(1, 0, "first");
  writer.append(2, 4, "second");
  const std::vector<JournalRow> rows = std::move(writer).finish();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(read_journal_row(5, rows[0].bytes).value()[1].record, "second");
  EXPECT_FALSE(read_journal_row(6, rows[0].bytes).has_value());
  for (size_t i = 0; i < rows[0].bytes.size(); ++i) {
    std::string damaged = rows[0].bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(read_journal_row(5, damaged).has_value()) << i;
  }
}

TEST(journal, knows_where_what_is_kept_apart_belongs) {
  JournalWriter writer(1);
  writer.append(7, 3, "a record", {{0, 11}, {2, 12}, {8, 11}});
  writer.append(8, 0, "another");
  const auto row = std::move(writer).finish().at(0);
  const auto entries = read_journal_row(1, row.bytes).value();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].execution_id, 7);
  EXPECT_EQ(entries[0].previous, 3);
  EXPECT_EQ(entries[0].record, "a record");
  ASSERT_EQ(entries[0].large_parts.size(), 3u);
  EXPECT_EQ(entries[0].large_parts[1].offset, 2u);
  EXPECT_EQ(entries[0].large_parts[1].text_id, 12);
  EXPECT_EQ(entries[1].record, "another");
  EXPECT_TRUE(entries[1].large_parts.empty());
}

TEST(journal, cuts_rows_at_their_limit) {
  JournalWriter writer(1);
  for (int i = 0; i < 10; ++i) writer.append(1, 0, std::string(journal_row_bytes_max / 3, 'x'));
  EXPECT_EQ(std::move(writer).finish().size(), 4u);
}

}  // namespace
}  // namespace pawl::store
