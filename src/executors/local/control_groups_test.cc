#include "executors/local/control_groups.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <csignal>

#include "base/text.h"
#include "executors/local/executor_rig.h"
#include "executors/local/launch.h"
#include "executors/local/process_table.h"
#include "world/files.h"

namespace pawl::executors {
namespace {

// Without controllers, such groups can be had where the old hierarchy has all of them, too.
std::optional<ControlGroups> plain_groups() {
  const std::string name = concat("pawl-test-", ::getpid());
  for (const std::string mount : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
    if (auto groups = ControlGroups::open(name, {}, mount)) return groups;
  }
  return std::nullopt;
}

TEST(control_groups, are_not_made_where_there_is_no_tree_of_them) {
  const world::ScratchDirectory scratch;
  EXPECT_FALSE(ControlGroups::open("pawl-test", {"memory"}, scratch.path()));
}

TEST(control_groups, end_all_their_processes_and_go) {
  auto groups = plain_groups();
  if (!groups) GTEST_SKIP() << "needs a cgroup v2 tree in which we may make groups";
  const auto group = groups->make("of-a-test", {});
  ASSERT_TRUE(group) << group.error().text();
  EXPECT_TRUE(groups->has("of-a-test"));
  EXPECT_FALSE(groups->was_out_of_memory("of-a-test"));

  Launch plan;
  plan.program = "/bin/sh";
  plan.arguments = {"sh", "-c", "sleep 1000 & sleep 1000"};
  plan.directory = "/";
  plan.input = plan.output = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  plan.group = group->number();
  const auto pid = launch(plan);
  ASSERT_TRUE(pid);
  const auto place = world::read_file(concat("/proc/", *pid, "/cgroup"));
  EXPECT_THAT(*place, ::testing::HasSubstr("/of-a-test\n"));

  groups->kill("of-a-test");
  int status = 0;
  ASSERT_EQ(::waitpid(*pid, &status, 0), *pid);
  EXPECT_EQ(status_of(status), 128 + SIGKILL);
  while (groups->has("of-a-test")) groups->remove("of-a-test");
  ::close(plan.input);
}

TEST(control_groups, hold_an_attempt_to_its_memory) {
  if (!ControlGroups::open(concat("pawl-test-", ::getpid())))
    GTEST_SKIP() << "needs a cgroup v2 tree with the memory controller in which we may make groups";
  ExecutorRig rig;
  rig.open();
  Batch batch = rig.shell("memory", "");
  batch.work.memory_mib = 50;
  // Quicker than anyone who only looks now and then.
  batch.work.command = {"/usr/bin/python3", "-c", "bytearray(100 << 20)"};
  const auto heard = rig.reports().wait_for_end(rig.run(batch));
  EXPECT_TRUE(heard.ending.is_out_of_memory);
  EXPECT_EQ(heard.ending.reason, "more than 50 MiB");
}

}  // namespace
}  // namespace pawl::executors
