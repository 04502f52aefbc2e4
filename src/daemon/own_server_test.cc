#include "daemon/own_server.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/text.h"
#include "world/files.h"
#include "world/scratch_directory.h"

namespace pawl::daemon {
namespace {

class own_server_url : public ::testing::Test {
 protected:
  ~own_server_url() override {
    ::unsetenv("PAWL_CONFIG");
    ::unsetenv("PAWL_LISTEN");
  }
  // With such a configuration.
  std::string with(const std::string& text) {
    const std::string file = directory_.path() + "/pawl.toml";
    EXPECT_TRUE(
        world::write_file_atomically(file, text + "\n[credentials]\nfile = \"keys\"\n", 0600));
    ::setenv("PAWL_CONFIG", file.c_str(), 1);
    return own_server().url;
  }

  world::ScratchDirectory directory_;
};

TEST_F(own_server_url, is_where_a_server_of_the_same_configuration_listens) {
  EXPECT_EQ(own_server().url, "http://127.0.0.1:8083");
  EXPECT_EQ(with("listen = \"10.0.0.7:9000\""), "http://10.0.0.7:9000");
  EXPECT_EQ(with("listen = \"0.0.0.0:9000\""), "http://127.0.0.1:9000");
  EXPECT_EQ(with("listen = \"[::]:9000\""), "http://[::1]:9000");
  ::setenv("PAWL_LISTEN", "127.0.0.1:9001", 1);
  EXPECT_EQ(own_server().url, "http://127.0.0.1:9001");
}

TEST_F(own_server_url, is_the_usual_one_where_nothing_can_be_known) {
  EXPECT_EQ(with("listen = \"127.0.0.1:0\""), "http://127.0.0.1:8083");
  EXPECT_EQ(with("listen = 3"), "http://127.0.0.1:8083");
}

}  // namespace
}  // namespace pawl::daemon
