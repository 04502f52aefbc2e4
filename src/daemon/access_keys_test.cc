#include "daemon/access_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "world/files.h"
#include "world/scratch_directory.h"

namespace pawl::daemon {
namespace {

using ::testing::HasSubstr;

class access_keys : public ::testing::Test {
 protected:
  Result<std::vector<AccessKey>> read(std::string_view text, mode_t mode = 0600) {
    EXPECT_TRUE(world::write_file_atomically(scratch_ / "keys.toml", text, mode));
    return read_access_keys(scratch_ / "keys.toml");
  }
  std::string refusal(std::string_view text, mode_t mode = 0600) {
    const auto keys = read(text, mode);
    return keys ? "taken" : keys.error().message();
  }

  world::ScratchDirectory scratch_;
};

TEST_F(access_keys, are_read_with_their_owners) {
  const auto keys = read(
      "[bob]\naccess_key_id = \"B\"\nsecret_access_key = \"b\"\n"
      "[alice]\naccess_key_id = \"A\"\nsecret_access_key = \"a\"\n");
  ASSERT_TRUE(keys) << keys.error().message();
  ASSERT_EQ(keys->size(), 2u);
  EXPECT_EQ(keys->front().owner, "alice");
  EXPECT_EQ(key_ring(*keys), (aws::KeyRing{{"A", "a"}, {"B", "b"}}));
}

TEST_F(access_keys, of_a_file_that_others_may_read_are_refused) {
  EXPECT_THAT(refusal("[a]\naccess_key_id = \"A\"\nsecret_access_key = \"a\"\n", 0640),
              HasSubstr("can be used by others than its owner"));
}

TEST_F(access_keys, are_told_what_they_lack_and_never_their_secrets) {
  EXPECT_THAT(refusal("[a]\naccess_key_id = \"A\"\n"), HasSubstr("a.secret_access_key is missing"));
  EXPECT_THAT(refusal(""), HasSubstr("there is no key in it"));
  EXPECT_THAT(refusal("[a]\naccess_key_id = \"A\"\nsecret_access_key = \"a\"\n"
                      "[b]\naccess_key_id = \"A\"\nsecret_access_key = \"b\"\n"),
              HasSubstr("b and a have the same access_key_id"));
  EXPECT_EQ(refusal("[a]\nsecret_access_key = hush").find("hush"), std::string::npos);
}

}  // namespace
}  // namespace pawl::daemon
