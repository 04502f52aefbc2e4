// GCC 12 takes the other alternatives of a variant in an initializer list for uninitialized.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include "store/backup/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "store/sqlite.h"
#include "store/testing_store.h"
#include "world/file_lock.h"
#include "world/files.h"
#include "world/scratch_directory.h"

namespace pawl::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class backed_up : public ::testing::Test {
 protected:
  backed_up() : store_(open_store(path_)) {
    commit(*store_, {PutMachine{machine("m")}});
    open(1);
  }

  void open(int64_t id) {
    commit(*store_, {OpenExecution{execution(id)}, AppendRecord{id, concat("begun ", id)}});
  }
  BackupReport back_up_well() {
    auto report = back_up(path_, file_);
    EXPECT_TRUE(report.has_value()) << report.error().text();
    return report.has_value() ? *std::move(report) : BackupReport{};
  }
  Result<RestoreReport> restore(const std::string& to, bool is_replacing = false) {
    return restore_backup({.file = file_, .data_path = to, .is_replacing = is_replacing});
  }
  std::vector<std::string> files(const std::string& folder) {
    return world::list_directory(folder).value();
  }

  world::ScratchDirectory directory_;
  const std::string path_ = directory_ / "data/pawl.db", file_ = directory_ / "kept/backup";
  const std::string elsewhere_ = directory_ / "elsewhere/pawl.db";
  std::unique_ptr<Store> store_;
  const bool has_folder_ = std::filesystem::create_directory(directory_ / "kept");
};

// SQLite reads such a log up to the damage only.
TEST_F(backed_up, is_nothing_whose_log_is_damaged_before_its_end) {
  const std::string left = directory_ / "data/left.db";
  for (const char* suffix : {"", "-wal"}) std::filesystem::copy_file(path_ + suffix, left + suffix);
  std::string log = world::read_file(left + "-wal").value();
  log[1000] ^= 1;
  ASSERT_TRUE(world::write_file_atomically(left + "-wal", log, 0600).has_value());
  const auto report = back_up(left, file_);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code(), ErrorCode::corrupt);
  EXPECT_THAT(report.error().message(), HasSubstr("write-ahead log is damaged at byte 32"));
  EXPECT_THAT(files(directory_ / "kept"), ElementsAre());
}

TEST_F(backed_up, has_what_was_committed_before_and_nothing_of_later) {
  const BackupReport report = back_up_well();
  EXPECT_EQ(report.check.executions, 1);
  EXPECT_EQ(world::file_mode(file_).value(), 0600u);
  EXPECT_THAT(files(directory_ / "kept"), ElementsAre("backup"));
  open(2);

  ASSERT_TRUE(check_backup(file_)->is_sound());
  ASSERT_TRUE(restore(elsewhere_).has_value());
  EXPECT_EQ(world::file_mode(elsewhere_).value(), 0600u);
  const auto restored = open_store(elsewhere_);
  EXPECT_EQ(restored->records(1).value(), (std::vector<std::string>{"begun 1"}));
  EXPECT_FALSE(restored->execution("execution:m:e2").value().has_value());
  EXPECT_EQ(restored->secret().value(), store_->secret().value());
}

TEST_F(backed_up, is_one_moment_however_much_is_committed_meanwhile) {
  int64_t id = 1;
  const auto report = back_up(path_, file_, [&](const Step& step) {
    if (step.what == "copying the store") open(++id);
    return true;
  });
  ASSERT_TRUE(report.has_value()) << report.error().text();
  EXPECT_GT(id, 1);
  EXPECT_EQ(report->check.executions, 1);
  ASSERT_TRUE(restore(elsewhere_).has_value());
  commit(*open_store(elsewhere_), {AppendRecord{1, "goes on"}});
  EXPECT_EQ(store_->last_execution_id().value(), id);
}

TEST_F(backed_up, is_possible_when_nobody_uses_the_store) {
  store_.reset();
  EXPECT_EQ(back_up_well().check.executions, 1);
}

TEST_F(backed_up, never_takes_the_place_of_a_file) {
  back_up_well();
  EXPECT_EQ(back_up(path_, file_).error().code(), ErrorCode::already_exists);
  // Nor of one that comes while it is written.
  const std::string late = directory_ / "kept/late";
  const auto refused = back_up(path_, late, [&](const Step&) {
    return world::write_file_atomically(late, "mine", 0600).has_value();
  });
  EXPECT_EQ(refused.error().code(), ErrorCode::already_exists);
  EXPECT_EQ(world::read_file(late).value(), "mine");
}

TEST_F(backed_up, without_a_store_is_refused_and_makes_none) {
  const auto refused = back_up(elsewhere_, file_);
  EXPECT_EQ(refused.error().code(), ErrorCode::not_found);
  EXPECT_FALSE(world::exists(elsewhere_));
}

TEST_F(backed_up, leaves_nothing_when_it_is_interrupted_at_any_step) {
  for (int steps = 1;; ++steps) {
    int left = steps;
    const auto report = back_up(path_, file_, [&](const Step&) { return --left > 0; });
    if (report.has_value()) break;
    EXPECT_EQ(report.error().code(), ErrorCode::cancelled);
    EXPECT_THAT(files(directory_ / "kept"), ElementsAre());
    ASSERT_LT(steps, 100);
  }
}

TEST_F(backed_up, takes_over_what_a_killed_one_has_left) {
  ASSERT_TRUE(world::write_file_atomically(file_ + ".part", std::string(99'999, 'x'), 0600));
  back_up_well();
  EXPECT_TRUE(check_backup(file_)->is_sound());
  EXPECT_THAT(files(directory_ / "kept"), ElementsAre("backup"));
}

TEST_F(backed_up, is_written_by_one_at_a_time) {
  const auto held = world::FileLock::take(file_ + ".part");
  EXPECT_EQ(back_up(path_, file_).error().code(), ErrorCode::conflict);
}

TEST_F(backed_up, into_no_directory_is_told_by_its_name) {
  const auto refused = back_up(path_, directory_ / "nodir/x");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::not_found);
  EXPECT_THAT(refused.error().message(), HasSubstr(directory_ / "nodir/x: there is no directory "));
  EXPECT_THAT(refused.error().message(), testing::Not(HasSubstr(".part")));
}

TEST_F(backed_up, of_a_damaged_store_is_refused) {
  {
    auto connection = Connection::open(path_, Connection::Mode::read_write);
    ASSERT_TRUE((*connection)->execute("DELETE FROM journal").has_value());
  }
  const auto refused = back_up(path_, file_);
  ASSERT_EQ(refused.error().code(), ErrorCode::corrupt);
  EXPECT_THAT(refused.error().message(), HasSubstr("execution execution:m:e1 has no history"));
  EXPECT_THAT(files(directory_ / "kept"), ElementsAre());
}

TEST_F(backed_up, with_any_byte_changed_is_damaged_and_not_restored) {
  back_up_well();
  const std::string whole = world::read_file(file_).value();
  std::mt19937 chance(7);
  for (int time = 0; time < 200; ++time) {
    std::string changed = whole;
    // The seal at the end as well.
    const size_t at = time < 20 ? whole.size() - 1 - time * 5 : chance() % whole.size();
    changed[at] = static_cast<char>(changed[at] ^ (1 << chance() % 8));
    ASSERT_TRUE(world::write_file_atomically(file_, changed, 0600));
    const auto report = check_backup(file_);
    // What begins as a newer store does is refused as that.
    ASSERT_TRUE(!report.has_value() || !report->is_sound()) << "byte " << at;
    ASSERT_FALSE(restore(elsewhere_).has_value()) << "byte " << at;
    ASSERT_FALSE(world::exists(elsewhere_));
  }
}

TEST_F(backed_up, cut_short_anywhere_is_damaged) {
  back_up_well();
  const std::string whole = world::read_file(file_).value();
  for (const size_t size :
       {size_t{0}, size_t{1}, size_t{4096}, whole.size() / 2, whole.size() - 1}) {
    ASSERT_TRUE(world::write_file_atomically(file_, whole.substr(0, size), 0600));
    EXPECT_FALSE(check_backup(file_)->is_sound()) << size;
    EXPECT_EQ(restore(elsewhere_).error().code(), ErrorCode::corrupt) << size;
  }
}

TEST_F(backed_up, is_not_restored_over_a_store_unless_that_is_said_and_then_keeps_it) {
  back_up_well();
  open(2);
  EXPECT_EQ(restore(path_).error().code(), ErrorCode::conflict);  // in use
  store_.reset();
  EXPECT_EQ(restore(path_).error().code(), ErrorCode::already_exists);

  const auto restored = restore(path_, true);
  ASSERT_TRUE(restored.has_value()) << restored.error().text();
  EXPECT_EQ(open_store(path_)->last_execution_id().value(), 1);
  EXPECT_THAT(restored->kept, HasSubstr(path_ + ".replaced-20"));
  EXPECT_EQ(open_store(restored->kept)->last_execution_id().value(), 2);
}

TEST_F(backed_up, keeps_the_log_of_what_it_replaces_with_it) {
  back_up_well();
  open(2);
  // As it is after a crash: what was committed is in the log.
  for (const char* suffix : {"", "-wal"}) {
    ASSERT_TRUE(std::filesystem::exists(path_ + suffix));
    world::make_directories(directory_ / "elsewhere", 0700).value();
    std::filesystem::copy_file(path_ + suffix, elsewhere_ + suffix);
  }
  const auto restored = restore(elsewhere_, true);
  ASSERT_TRUE(restored.has_value()) << restored.error().text();
  EXPECT_EQ(open_store(elsewhere_)->last_execution_id().value(), 1);
  EXPECT_EQ(open_store(restored->kept)->last_execution_id().value(), 2);
}

// The names between which a kill may come, once the copy is whole.
TEST_F(backed_up, carries_a_restore_to_its_end_once_it_is_decided) {
  back_up_well();
  open(2);
  store_.reset();
  const std::string kept = path_ + ".replaced-2001-02-03T040506.000000Z";
  for (const bool is_old_moved : {false, true}) {
    const std::string decided = path_ + ".restored";
    ASSERT_TRUE(restore(decided).has_value());
    for (const char* left : {".lock", "-shm"}) std::filesystem::remove(decided + left);
    if (is_old_moved) std::filesystem::rename(path_, kept);
    EXPECT_EQ(open_store(path_)->last_execution_id().value(), 1);
    EXPECT_FALSE(world::exists(decided));
  }
}

}  // namespace
}  // namespace pawl::store
