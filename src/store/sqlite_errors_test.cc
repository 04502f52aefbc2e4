// GCC 12 takes the other alternatives of a variant in an initializer list for uninitialized.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include "store/sqlite_errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "base/text.h"
#include "store/check/check.h"
#include "store/sqlite.h"
#include "store/testing_store.h"
#include "world/scratch_directory.h"

namespace pawl::store {
namespace {

using ::testing::HasSubstr;

// The files of SQLite itself, to which the system refuses the reads that a test chooses.
size_t reads_until_refusal = 0;  // 0: none is refused

bool is_refused() {
  if (reads_until_refusal == 0 || --reads_until_refusal > 0) return false;
  errno = EIO;
  return true;
}

ssize_t read_or_refuse(int file, void* bytes, size_t size) {
  return is_refused() ? -1 : ::read(file, bytes, size);
}

ssize_t pread_or_refuse(int file, void* bytes, size_t size, off_t offset) {
  return is_refused() ? -1 : ::pread(file, bytes, size, offset);
}

class refused_read : public ::testing::Test {
 protected:
  refused_read() {
    set("read", reinterpret_cast<sqlite3_syscall_ptr>(read_or_refuse));
    for (const char* name : {"pread", "pread64"})
      set(name, reinterpret_cast<sqlite3_syscall_ptr>(pread_or_refuse));
  }
  ~refused_read() override {
    reads_until_refusal = 0;
    for (const char* name : {"read", "pread", "pread64"}) set(name, nullptr);
  }

  void fill() {
    const auto store = open_store(path_, {.journal_rows_max = 1});
    for (int64_t id = 1; id <= 20; ++id)
      commit(*store, {OpenExecution{execution(id)}, AppendRecord{id, std::string(9000, 'r')}});
  }
  // Whether it has come to that read.
  bool was_refused() { return std::exchange(reads_until_refusal, 0) == 0; }

  void expect_told(const Error& error, const std::string& how) {
    EXPECT_EQ(error.code(), ErrorCode::failed) << how << ": " << error.text();
    EXPECT_THAT(error.message(), HasSubstr(concat("cannot read ", path_))) << how;
    EXPECT_THAT(error.message(), HasSubstr("Input/output error")) << how;
    EXPECT_THAT(error.hint(), HasSubstr("dmesg")) << how;
  }

  world::ScratchDirectory directory_;
  const std::string path_ = directory_ / "data/pawl.db";

 private:
  static void set(const char* name, sqlite3_syscall_ptr call) {
    sqlite3_vfs* files = sqlite3_vfs_find("unix");
    EXPECT_EQ(files->xSetSystemCall(files, name, call), SQLITE_OK);
  }
};

TEST_F(refused_read, is_told_with_the_file_and_no_damage_is) {
  fill();
  for (size_t read = 1;; ++read) {
    auto store = open_store(path_);
    reads_until_refusal = read;
    const auto records = store->records(17);
    if (!was_refused()) {
      EXPECT_GT(read, 3u);
      break;
    }
    ASSERT_FALSE(records.has_value());
    expect_told(records.error(), concat("read ", read));
    EXPECT_TRUE(store->records(17).has_value()) << "read " << read << ", and once more";
  }
}

// Where SQLite goes on without a page, it calls damaged what hangs on it.
TEST_F(refused_read, is_no_damage_to_a_check) {
  fill();
  for (size_t read = 1;; ++read) {
    reads_until_refusal = read;
    const auto report = check_data_file(path_);
    if (!was_refused()) {
      EXPECT_GT(read, 30u);
      break;
    }
    if (!report.has_value()) {
      expect_told(report.error(), concat("read ", read));
      continue;
    }
    EXPECT_FALSE(report->is_sound()) << read;
    EXPECT_FALSE(report->is_damaged()) << read << ": " << report->findings.front().what;
  }
}

TEST_F(refused_read, does_not_hide_damage_that_is_found_later) {
  const std::string path = directory_ / "small.db";
  {
    const auto made = Connection::open(path, Connection::Mode::read_write).value();
    ASSERT_TRUE(made->execute("CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(100000))"));
  }
  const auto connection = Connection::open(path, Connection::Mode::read_only).value();
  ASSERT_TRUE(connection->execute("SELECT count(*) FROM sqlite_schema"));
  // All of the second page. The first one is known by now.
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).seekp(4096)
      << std::string(4096, 'd');
  reads_until_refusal = 2;  // the first looks whether the file has changed
  const auto refused = connection->execute("SELECT max(x) FROM t");
  ASSERT_TRUE(was_refused());
  EXPECT_EQ(refused.error().code(), ErrorCode::failed) << refused.error().text();
  const auto damaged = connection->execute("SELECT max(x) FROM t");
  EXPECT_EQ(damaged.error().code(), ErrorCode::corrupt) << damaged.error().text();
  EXPECT_THAT(damaged.error().hint(), HasSubstr("backup"));
}

}  // namespace
}  // namespace pawl::store
