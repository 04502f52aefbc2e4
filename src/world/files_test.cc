#include "world/files.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <thread>

#include "base/text.h"
#include "world/file_lock.h"
#include "world/scratch_directory.h"

namespace pawl::world {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(files, reads_back_what_it_has_written_with_the_mode_asked_for) {
  const ScratchDirectory scratch;
  const std::string bytes("two\nlines\0and a zero", 20);
  ASSERT_TRUE(write_file_atomically(scratch / "file", "old", 0600));
  ASSERT_TRUE(write_file_atomically(scratch / "file", bytes, 0666));
  EXPECT_EQ(*read_file(scratch / "file"), bytes);
  EXPECT_EQ(*file_mode(scratch / "file"), 0666u);
  EXPECT_THAT(*list_directory(scratch.path()), ElementsAre("file"));
}

TEST(files, names_the_path_that_is_missing) {
  const auto content = read_file("/nowhere/to/be/seen");
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().code(), ErrorCode::not_found);
  EXPECT_THAT(content.error().message(), HasSubstr("/nowhere/to/be/seen"));
}

TEST(files, refuses_to_read_past_the_limit) {
  const ScratchDirectory scratch;
  ASSERT_TRUE(write_file_atomically(scratch / "file", "12345", 0600));
  EXPECT_TRUE(read_file(scratch / "file", 5));
  EXPECT_EQ(read_file(scratch / "file", 4).error().code(), ErrorCode::invalid_argument);
}

// A file system of 64 kB, for as long as it lives.
class SmallDisk {
 public:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {
    if (::mkdir(path_.c_str(), 0700) == 0)
      is_mounted_ = ::mount("pawl-test", path_.c_str(), "tmpfs", 0, "size=64k") == 0;
  }
  ~SmallDisk() {
    if (is_mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  bool is_mounted() const { return is_mounted_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool is_mounted_ = false;
};

TEST(files, keeps_the_old_content_when_the_disk_is_full) {
  const ScratchDirectory scratch;
  const SmallDisk disk(scratch / "disk");
  if (!disk.is_mounted()) GTEST_SKIP() << "missing: the right to mount a tmpfs";
  ASSERT_TRUE(write_file_atomically(disk / "file", "old", 0600));

  const auto written = write_file_atomically(disk / "file", std::string(200'000, 'x'), 0600);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code(), ErrorCode::out_of_space);
  EXPECT_EQ(*read_file(disk / "file"), "old");
  EXPECT_THAT(*list_directory(disk.path()), ElementsAre("file"));
}

TEST(files, appends_a_line_whole_or_not_at_all_when_the_disk_is_full) {
  const ScratchDirectory scratch;
  const SmallDisk disk(scratch / "disk");
  if (!disk.is_mounted()) GTEST_SKIP() << "missing: the right to mount a tmpfs";
  ASSERT_TRUE(append_line_durably(disk / "log", "first"));
  EXPECT_EQ(append_line_durably(disk / "log", std::string(200'000, 'x')).error().code(),
            ErrorCode::out_of_space);
  ASSERT_TRUE(append_line_durably(disk / "log", "second"));
  EXPECT_EQ(*read_file(disk / "log"), "first\nsecond\n");
}

TEST(files, ends_a_line_that_a_crash_has_torn) {
  const ScratchDirectory scratch;
  ASSERT_TRUE(write_file_atomically(scratch / "log", "whole\nto", 0600));
  ASSERT_TRUE(append_line_durably(scratch / "log", "next"));
  EXPECT_EQ(*read_file(scratch / "log"), "whole\nto\nnext\n");
}

TEST(files, reports_an_append_that_cannot_be_written) {
  const auto appended = append_line_durably("/dev/full", "line");
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().code(), ErrorCode::out_of_space);
}

TEST(files, makes_directories_with_the_mode_whatever_the_umask) {
  const ScratchDirectory scratch;
  const mode_t before = ::umask(077);
  const auto made = make_directories(scratch / "a/b/c", 0755);
  ::umask(before);
  ASSERT_TRUE(made);
  EXPECT_EQ(*file_mode(scratch / "a/b"), 0755u);
  EXPECT_EQ(*file_mode(scratch / "a/b/c"), 0755u);
  EXPECT_TRUE(make_directories(scratch / "a/b/c", 0700));
  EXPECT_EQ(*file_mode(scratch / "a/b/c"), 0755u) << "what is there already keeps its mode";
}

TEST(files, refuses_a_directory_below_a_file) {
  const ScratchDirectory scratch;
  ASSERT_TRUE(write_file_atomically(scratch / "file", "", 0600));
  EXPECT_FALSE(make_directories(scratch / "file/below", 0700));
  EXPECT_FALSE(make_directories(scratch / "file", 0700));
}

TEST(files, replaces_a_link_that_may_exist_already) {
  const ScratchDirectory scratch;
  ASSERT_TRUE(replace_symlink_atomically("../one", scratch / "current"));
  EXPECT_EQ(*read_symlink(scratch / "current"), "../one");
  ASSERT_TRUE(replace_symlink_atomically("../two", scratch / "current"));
  EXPECT_EQ(*read_symlink(scratch / "current"), "../two");
  EXPECT_THAT(*list_directory(scratch.path()), ElementsAre("current"));
  EXPECT_TRUE(exists(scratch / "current")) << "a link that leads nowhere is there all the same";
}

TEST(files, measures_and_removes_a_tree_without_following_links) {
  const ScratchDirectory scratch;
  ASSERT_TRUE(make_directories(scratch / "tree/deep", 0700));
  ASSERT_TRUE(make_directories(scratch / "outside", 0700));
  ASSERT_TRUE(write_file_atomically(scratch / "outside/kept", "1234567", 0600));
  ASSERT_TRUE(write_file_atomically(scratch / "tree/a", "12", 0600));
  ASSERT_TRUE(write_file_atomically(scratch / "tree/deep/b", "345", 0600));
  ASSERT_TRUE(replace_symlink_atomically("../outside", scratch / "tree/link"));
  EXPECT_EQ(*tree_bytes(scratch / "tree"), 5u);

  EXPECT_TRUE(remove_tree(scratch / "tree"));
  EXPECT_FALSE(exists(scratch / "tree"));
  EXPECT_TRUE(exists(scratch / "outside/kept"));
  EXPECT_TRUE(remove_tree(scratch / "tree")) << "nothing there is success";
}

TEST(files, gives_a_tree_to_another_account) {
  if (::geteuid() != 0) GTEST_SKIP() << "missing: root";
  const ScratchDirectory scratch;
  const Account nobody = *resolve_account("nobody");
  ASSERT_TRUE(make_directories(scratch / "tree/deep", 0700));
  ASSERT_TRUE(write_file_atomically(scratch / "tree/deep/file", "", 0600));
  ASSERT_TRUE(replace_symlink_atomically(scratch.path(), scratch / "tree/link"));
  ASSERT_TRUE(change_owner_tree(scratch / "tree", nobody));

  struct stat status {};
  ASSERT_EQ(::stat((scratch / "tree/deep/file").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, nobody.user);
  EXPECT_EQ(status.st_gid, nobody.group);
  ASSERT_EQ(::stat(scratch.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 0u) << "a link in the tree leads out of it";
}

TEST(files, knows_no_account_of_an_odd_name) {
  EXPECT_EQ(resolve_account("no such account").error().code(), ErrorCode::not_found);
}

TEST(files, tells_how_much_is_free) {
  EXPECT_GT(*free_bytes("/"), 0u);
  EXPECT_FALSE(free_bytes("/nowhere"));
}

TEST(file_lock, is_held_by_one_at_a_time) {
  const ScratchDirectory scratch;
  {
    const auto held = FileLock::take(scratch / "lock");
    ASSERT_TRUE(held);
    const auto second = FileLock::take(scratch / "lock");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code(), ErrorCode::conflict);
    EXPECT_THAT(second.error().message(), HasSubstr(scratch / "lock"));
  }
  EXPECT_TRUE(FileLock::take(scratch / "lock"));
}

TEST(files, may_be_removed_by_two_at_once) {
  ScratchDirectory scratch;
  for (int round = 0; round < 20; ++round) {
    const std::string tree = scratch.path() + "/tree";
    for (int folder = 0; folder < 40; ++folder) {
      const std::string path = concat(tree, "/", folder);
      ASSERT_TRUE(make_directories(path, 0755));
      ASSERT_TRUE(write_file_atomically(path + "/file", "x", 0644));
    }
    bool other_is_well = false;
    std::thread other([&] { other_is_well = remove_tree(tree).has_value(); });
    EXPECT_TRUE(remove_tree(tree));
    other.join();
    EXPECT_TRUE(other_is_well);
    EXPECT_FALSE(exists(tree));
  }
}

}  // namespace
}  // namespace pawl::world
