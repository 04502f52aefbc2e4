#include "batch/old_logs.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "base/text.h"
#include "world/files.h"
#include "world/scratch_directory.h"

namespace pawl::batch {
namespace {

using ::testing::ElementsAre;

constexpr Instant day = Instant(hours(24));

struct old_logs : testing::Test {
  const world::ScratchDirectory scratch;

  void add(const std::string& job, Instant written) {
    const std::string path = scratch / job;
    ASSERT_TRUE(world::make_directories(path, 0700));
    ASSERT_TRUE(world::write_file_atomically(path + "/0.1.log", "text", 0600));
    const timespec at{std::chrono::duration_cast<seconds>(written.time_since_epoch()).count(), 0};
    const timespec times[] = {at, at};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  }
  std::vector<std::string> left() const { return world::list_directory(scratch.path()).value(); }
};

TEST_F(old_logs, of_jobs_that_are_forgotten_go) {
  add("forgotten", day);
  add("known", day);
  add("new", day + hours(2));
  OldLogs logs(scratch.path());
  logs.remove_but({"known"}, day + hours(1));
  logs.wait();
  EXPECT_THAT(left(), ElementsAre("known", "new"));
}

TEST_F(old_logs, are_no_files_that_lie_there) {
  ASSERT_TRUE(world::write_file_atomically(scratch / "a", "text", 0600));
  OldLogs logs(scratch.path());
  logs.remove_but({}, Instant::max());
  logs.wait();
  EXPECT_THAT(left(), ElementsAre("a"));
}

TEST_F(old_logs, are_nowhere_before_anything_is_written) {
  OldLogs logs(scratch / "none");
  logs.remove_but({}, Instant::max());
  logs.wait();
}

}  // namespace
}  // namespace pawl::batch
