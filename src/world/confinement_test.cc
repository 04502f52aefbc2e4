#include "world/confinement.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "world/files.h"
#include "world/scratch_directory.h"

namespace pawl::world {
namespace {

enum Found { as_it_should_be, not_confined, no_landlock };

// What a process finds that is confined to the directory.
Found found_in(const std::string& inside, const std::string& outside) {
  const auto can_write = [](const std::string& path) {
    return write_file_atomically(path, "text", 0600).has_value();
  };
  const auto confined = confine_files_to({inside});
  if (!confined)
    return confined.error().code() == ErrorCode::unsupported ? no_landlock : not_confined;
  const bool can_use_its_own = can_write(inside + "/new") && read_file(inside + "/new") &&
                               make_directories(inside + "/a/b", 0700) &&
                               remove_tree(inside + "/a");
  const bool can_use_others = can_write(outside + "/new") || read_file(outside + "/secret") ||
                              list_directory(outside) || remove_tree(outside);
  return can_use_its_own && !can_use_others ? as_it_should_be : not_confined;
}

bool is_as_it_should_be(int status) {
  return status == as_it_should_be || WEXITSTATUS(status) == no_landlock;
}

TEST(confinement, leaves_a_process_nothing_but_its_directories) {
  const ScratchDirectory scratch;
  const std::string inside = scratch / "inside", outside = scratch / "outside";
  ASSERT_TRUE(make_directories(inside, 0700));
  ASSERT_TRUE(make_directories(outside, 0700));
  ASSERT_TRUE(write_file_atomically(outside + "/secret", "text", 0600));
  EXPECT_EXIT(::_exit(found_in(inside, outside)), is_as_it_should_be, "");
  EXPECT_TRUE(exists(outside + "/secret"));
}

TEST(confinement, names_a_directory_that_is_not_there) {
  const auto confined = confine_files_to({"/no/such"});
  ASSERT_FALSE(confined);
  EXPECT_EQ(can_confine_files(), confined.error().code() != ErrorCode::unsupported);
  if (!can_confine_files()) GTEST_SKIP() << "missing: Landlock";
  EXPECT_NE(confined.error().text().find("/no/such"), std::string::npos);
}

}  // namespace
}  // namespace pawl::world
