#include "arrays/run/safety.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "world/files.h"
#include "world/scratch_directory.h"

namespace pawl::arrays {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> broken_on(const Ground& ground) {
  std::vector<std::string> rules;
  for (const Breach& breach : breaches_of(ground)) rules.push_back(breach.rule);
  return rules;
}

TEST(arrays_safety, finds_no_fault_with_what_only_its_owner_may_write) {
  const world::ScratchDirectory scratch;
  const Ground ground{.volume = scratch.path(), .bucket = scratch.path(), .worker = "/bin/true"};
  EXPECT_THAT(broken_on(ground), IsEmpty());
}

TEST(arrays_safety, names_each_place_that_others_may_write_and_what_mends_it) {
  const world::ScratchDirectory scratch;
  const std::string open = scratch / "open", file = scratch / "worker";
  ASSERT_TRUE(world::make_directories(open, 0755));
  ASSERT_TRUE(world::write_file_atomically(file, "", 0757));
  ASSERT_EQ(::chmod(open.c_str(), 0777), 0);
  const Ground ground{.volume = open, .bucket = open, .worker = file};
  EXPECT_THAT(broken_on(ground), ElementsAre("volume-open-to-others", "bucket-open-to-others",
                                             "worker-open-to-others"));
  EXPECT_EQ(breaches_of(ground).front().mend, "chmod o-w " + open);
}

TEST(arrays_safety, looks_at_the_folders_above_and_lets_sticky_ones_be) {
  const world::ScratchDirectory scratch;
  const std::string above = scratch / "above", volume = above + "/volume";
  ASSERT_TRUE(world::make_directories(volume, 0755));
  ASSERT_EQ(::chmod(above.c_str(), 0777), 0);
  EXPECT_THAT(broken_on({.volume = volume}), ElementsAre("volume-open-to-others"));
  EXPECT_THAT(breaches_of({.volume = volume}).front().wrong, HasSubstr(above + " can be written"));
  ASSERT_EQ(::chmod(above.c_str(), 01777), 0);
  EXPECT_THAT(broken_on({.volume = volume}), IsEmpty());
}

TEST(arrays_safety, wants_root_to_be_confined) {
  Ground ground{.is_root = true, .has_confinement = false};
  EXPECT_THAT(broken_on(ground), ElementsAre("root-without-confinement"));
  ground.has_confinement = true;
  EXPECT_THAT(broken_on(ground), IsEmpty());
  ground = {.is_root = false, .has_confinement = false};
  EXPECT_THAT(broken_on(ground), IsEmpty());
}

}  // namespace
}  // namespace pawl::arrays
