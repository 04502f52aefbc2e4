#include "executors/local/logs.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "world/files.h"
#include "world/scratch_directory.h"

namespace pawl::executors {
namespace {

Attempt child(int index) { return {"0a", index, 1}; }

struct logs : testing::Test {
  const world::ScratchDirectory scratch;
  const std::string directory = scratch / "job";
  Logs of_attempts;

  // An attempt that writes this, and has ended.
  std::string path_of(const Attempt& attempt, std::string_view text, bool has_leftovers = false) {
    auto log = of_attempts.open(directory, attempt, has_leftovers);
    EXPECT_TRUE(log);
    EXPECT_EQ(::write(log->file.number(), text.data(), text.size()), ssize_t(text.size()));
    of_attempts.take_back(log->path);
    return log->path;
  }
};

TEST_F(logs, a_file_that_stayed_empty_is_that_of_a_later_attempt) {
  const auto first = path_of(child(0), ""), second = path_of(child(1), "text");
  EXPECT_EQ(second, directory + "/1.1.log");
  EXPECT_FALSE(world::exists(first));
  EXPECT_EQ(world::read_file(second).value(), "text");
}

TEST_F(logs, a_file_with_text_is_no_one_elses) {
  const auto first = path_of(child(0), "text"), second = path_of(child(1), "more");
  EXPECT_EQ(world::read_file(first).value(), "text");
  EXPECT_EQ(world::read_file(second).value(), "more");
}

TEST_F(logs, a_file_that_may_still_be_written_to_is_no_one_elses) {
  const auto first = path_of(child(0), ""), second = path_of(child(1), "", true);
  EXPECT_TRUE(world::exists(first));
  EXPECT_TRUE(world::exists(second));
}

TEST_F(logs, a_file_that_was_written_to_after_the_end_is_no_one_elses) {
  const auto first = path_of(child(0), "");
  ASSERT_TRUE(world::write_file_atomically(first, "late", 0600));
  path_of(child(1), "text");
  EXPECT_EQ(world::read_file(first).value(), "late");
}

TEST_F(logs, an_attempt_that_begins_again_goes_on_with_its_own) {
  path_of(child(0), "");
  ASSERT_TRUE(world::write_file_atomically(directory + "/1.1.log", "before ", 0600));
  EXPECT_EQ(world::read_file(path_of(child(1), "and after")).value(), "before and after");
}

TEST_F(logs, a_job_has_no_file_of_another) {
  const auto first = path_of(child(0), "");
  const auto other = of_attempts.open(scratch / "other", child(1), false);
  ASSERT_TRUE(other);
  EXPECT_TRUE(world::exists(first));
}

TEST_F(logs, a_directory_that_cannot_be_made_is_named) {
  ASSERT_TRUE(world::write_file_atomically(directory, "a file", 0600));
  const auto log = of_attempts.open(directory, child(0), false);
  ASSERT_FALSE(log);
  EXPECT_NE(log.error().text().find(directory), std::string::npos);
}

}  // namespace
}  // namespace pawl::executors
