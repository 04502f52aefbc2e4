#include "restore/snapshots/copy.h"

#include <gmock/gmock.h>

#include "base/hash.h"
#include "postgres/manifest.h"
#include "postgres/test_server.h"
#include "restore/snapshots/wal_manifest.h"

namespace pawl::restore {
namespace {

using ::testing::HasSubstr;

// A small backup of made-up files: the copy does not look inside.
class Backup {
 public:
  Backup() {
    postgres::Manifest manifest;
    for (const auto& [path, size] : {std::pair<std::string, size_t>{"base/1/large", 150 << 20},
                                     {"base/1/small", 12345},
                                     {"global/pg_control", 8192},
                                     {"empty", 0}}) {
      std::string bytes(size, path.back());
      for (size_t at = 0; at < size; at += 4096) bytes[at] = static_cast<char>(at >> 12);
      put(path, bytes);
      manifest.files.push_back(
          {path, size, {}, "CRC32C", postgres::manifest_crc32c(crc32c(bytes))});
    }
    manifest.files.push_back({"sha", 3, {}, "SHA256", sha256("abc")});
    put("sha", "abc");
    manifest.wal = {{1, 0x1000028, 0x2000100}};
    put("pg_wal/000000010000000000000001", std::string(16 << 20, 'a'));
    put("pg_wal/000000010000000000000002", std::string(16 << 20, 'b'));
    put("backup_manifest", postgres::write_manifest(manifest));
    CHECK(world::make_directories(source() + "/pg_notify", 0700).has_value());
    CHECK(write_wal_manifest(source()).has_value());
  }

  std::string source() const { return directory.path() + "/source"; }
  std::string target() const { return directory.path() + "/target"; }
  void put(const std::string& path, const std::string& bytes) const {
    const std::string whole = source() + "/" + path;
    CHECK(world::make_directories(world::parent_directory(whole), 0700).has_value());
    CHECK(world::write_file_atomically(whole, bytes, 0600).has_value());
  }
  Result<CopyReport> copy(CopyOptions options = {}, const CopyProgress& progress = {}) const {
    options.account = postgres::TestDirectory::account();
    return copy_backup(source(), target(), options, progress, cancellation);
  }
  bool is_same(const std::string& path) const {
    const size_t limit = size_t{1} << 30;
    const auto left = world::read_file(source() + "/" + path, limit);
    const auto right = world::read_file(target() + "/" + path, limit);
    return left && right && *left == *right;
  }

  world::Cancellation cancellation;
  postgres::TestDirectory directory;
};

TEST(copy, brings_every_file_across_and_skips_all_of_them_the_second_time) {
  const Backup backup;
  const auto first = backup.copy();
  ASSERT_TRUE(first) << first.error().text();
  for (const char* path : {"base/1/large", "base/1/small", "global/pg_control", "empty", "sha",
                           "pg_wal/000000010000000000000002", "backup_manifest"}) {
    EXPECT_TRUE(backup.is_same(path)) << path;
  }
  EXPECT_TRUE(world::is_directory(backup.target() + "/pg_notify"));
  EXPECT_EQ(first->bytes_copied + first->bytes_shared, first->bytes_total);
  const auto second = backup.copy();
  ASSERT_TRUE(second);
  // The WAL list has no checksum of its own and is always written.
  EXPECT_GT(second->bytes_skipped, second->bytes_total - 1000);
}

TEST(copy, replaces_a_file_that_a_crash_has_torn) {
  const Backup backup;
  ASSERT_TRUE(backup.copy());
  std::string torn = *world::read_file(backup.target() + "/base/1/small");
  torn[5000] ^= 1;
  ASSERT_TRUE(world::write_file_atomically(backup.target() + "/base/1/small", torn, 0600));
  ASSERT_TRUE(backup.copy());
  EXPECT_TRUE(backup.is_same("base/1/small"));
}

TEST(copy, names_a_file_with_other_bytes_and_does_not_leave_it) {
  const Backup backup;
  for (const char* path : {"base/1/large", "sha", "pg_wal/000000010000000000000001"}) {
    SCOPED_TRACE(path);
    // A copy that is right already is not made again, whatever has become of its source.
    ASSERT_TRUE(world::remove_tree(backup.target()));
    const std::string right = *world::read_file(backup.source() + "/" + path, 1 << 30);
    std::string wrong = right;
    wrong[wrong.size() / 2] ^= 1;
    backup.put(path, wrong);
    CopyOptions options;
    options.may_share_blocks = false;
    const auto copied = backup.copy(options);
    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code(), ErrorCode::corrupt);
    EXPECT_THAT(copied.error().message(), HasSubstr(path));
    EXPECT_FALSE(world::exists(backup.target() + "/" + path));
    EXPECT_FALSE(world::exists(backup.target() + "/" + path + ".pawl-part"));
    backup.put(path, right);
  }
}

TEST(copy, names_missing_wal_with_and_without_our_list) {
  const Backup backup;
  const std::string segment = "000000010000000000000002";
  ASSERT_TRUE(world::remove_tree(backup.source() + "/pg_wal/" + segment));
  for (const bool has_list : {true, false}) {
    if (!has_list) {
      ASSERT_TRUE(world::remove_tree(backup.source() + "/pg_wal/" + wal_manifest_name));
    }
    const auto copied = backup.copy();
    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code(), ErrorCode::corrupt);
    EXPECT_THAT(copied.error().message(), HasSubstr(segment));
  }
}

TEST(copy, names_a_missing_file_and_a_changed_manifest) {
  const Backup backup;
  ASSERT_TRUE(world::remove_tree(backup.source() + "/base/1/small"));
  EXPECT_THAT(backup.copy().error().message(), HasSubstr("base/1/small is missing"));
  backup.put("backup_manifest", replace_all(*world::read_file(backup.source() + "/backup_manifest"),
                                            "12345", "12346"));
  const auto changed = backup.copy();
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code(), ErrorCode::corrupt);
}

TEST(copy, stops_at_its_space_and_goes_on_when_there_is_more) {
  const Backup backup;
  CopyOptions options;
  options.may_share_blocks = false;
  options.threads = 1;
  options.space = (150 << 20) + (17 << 20);
  const auto full = backup.copy(options);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code(), ErrorCode::out_of_space);
  EXPECT_FALSE(world::exists(backup.target() + "/backup_manifest"));
  options.space = 20 << 20;  // the large file is there already
  const auto rest = backup.copy(options);
  ASSERT_TRUE(rest) << rest.error().text();
  EXPECT_GE(rest->bytes_skipped, uint64_t{150} << 20);
}

TEST(copy, stops_when_it_is_cancelled) {
  Backup backup;
  CopyOptions options;
  options.may_share_blocks = false;
  const auto copied =
      backup.copy(options, [&](uint64_t, uint64_t) { backup.cancellation.request(); });
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().code(), ErrorCode::cancelled);
  EXPECT_FALSE(world::exists(backup.target() + "/backup_manifest"));
}

}  // namespace
}  // namespace pawl::restore
