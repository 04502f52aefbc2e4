#include "restore/operations/operation.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "base/text.h"
#include "restore/users/secrets.h"
#include "restore/users/users.h"
#include "world/files.h"
#include "world/os_clock.h"
#include "world/scratch_directory.h"

namespace pawl::restore {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Scratch : public ::testing::Test {
 protected:
  Scratch() {
    settings.regions["west"].name = "west";
    settings.regions["west"].directory = folder.path();
  }

  world::ScratchDirectory folder;
  Settings settings;
  world::OsClock clock;
};

using operations = Scratch;

TEST_F(operations, keep_what_other_steps_have_written) {
  Operations store(settings, clock);
  ASSERT_TRUE(store.merge("west", "one", json::Value::object({{"a", 1}, {"b", 2}})).has_value());
  ASSERT_TRUE(store.merge("west", "one", json::Value::object({{"b", 3}})).has_value());
  const auto state = store.find("one");
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ((*state)["a"], 1);
  EXPECT_EQ((*state)["b"], 3);
}

TEST_F(operations, keep_their_audit_when_a_crash_has_torn_its_last_line) {
  Operations store(settings, clock);
  const AuditLine line{clock.now(), "one", "copy", "SUCCESS", seconds(2), {}};
  ASSERT_TRUE(store.append_audit("west", line).has_value());
  const std::string path = folder.path() + "/operations/one/audit.jsonl";
  const auto text = world::read_file(path);
  ASSERT_TRUE(text.has_value());
  ASSERT_TRUE(world::write_file_atomically(path, *text + "{\"at\":\"20", 0644).has_value());

  ASSERT_TRUE(store.append_audit("west", line).has_value());
  const auto audit = store.audit("west", "one");
  ASSERT_TRUE(audit.has_value());
  EXPECT_EQ(audit->size(), 2u);
  EXPECT_EQ(audit->back().took, seconds(2));
}

TEST_F(operations, do_not_reach_outside_their_folder) {
  Operations store(settings, clock);
  EXPECT_FALSE(store.merge("west", "../x", json::Value::object()).has_value());
  EXPECT_FALSE(store.read("nowhere", "one").has_value());
}

using target_lock = Scratch;

TEST_F(target_lock, is_held_by_one_operation_until_it_ends) {
  Operations store(settings, clock);
  TargetLock lock(settings, clock);
  for (const char* id : {"one", "two"}) {
    const auto state = json::Value::object({{"status", "RUNNING"},
                                            {"started", "2026-11-21T02:00:00Z"},
                                            {"execution_arn", concat("arn:", id)}});
    ASSERT_TRUE(store.merge("west", id, state).has_value());
  }
  EXPECT_TRUE(lock.acquire("west", "shop", "one").has_value());
  EXPECT_TRUE(lock.acquire("west", "shop", "one").has_value());
  const auto refused = lock.acquire("west", "shop", "two");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::conflict);
  EXPECT_EQ(refused.error().message(),
            "cluster shop in west is being restored by operation one since 2026-11-21T02:00:00Z");
  EXPECT_EQ(refused.error().hint(),
            "Wait for it: `pawl execution watch arn:one`; or stop it: `pawl execution stop "
            "arn:one`.");
  EXPECT_TRUE(lock.release("west", "shop", "two").has_value());
  EXPECT_EQ(*lock.holder("west", "shop"), "one");

  ASSERT_TRUE(store.merge("west", "one", json::Value::object({{"status", "FAILED"}})).has_value());
  EXPECT_TRUE(lock.acquire("west", "shop", "two").has_value());
  EXPECT_EQ(*lock.holder("west", "shop"), "two");
}

class secrets_file : public ::testing::Test {
 protected:
  Result<Secrets> read(const std::string& text, mode_t mode = 0600) {
    const std::string path = folder.path() + "/secrets.toml";
    CHECK(world::write_file_atomically(path, text, mode).has_value());
    return read_secrets(path);
  }
  world::ScratchDirectory folder;
};

TEST_F(secrets_file, is_refused_where_others_may_read_it) {
  for (const mode_t mode : {0644, 0640, 0604, 0660}) {
    const auto secrets = read("", mode);
    ASSERT_FALSE(secrets.has_value());
    EXPECT_EQ(secrets.error().code(), ErrorCode::permission_denied);
  }
  EXPECT_TRUE(read("", 0400).has_value());
}

TEST_F(secrets_file, fills_what_a_cluster_leaves_out_from_the_default) {
  const auto secrets = read(
      "smtp_password = \"m\"\n[default]\napp = { username = \"a\", password = \"1\" }\n"
      "readonly = { username = \"r\", password = \"2\" }\n"
      "[shop]\napp = { username = \"shop app\", password = \"3\" }\nsource = { password = \"4\" "
      "}\n");
  ASSERT_TRUE(secrets.has_value()) << secrets.error().text();
  const ClusterSecrets shop = secrets->of("shop");
  EXPECT_EQ(shop.app.username, "shop app");
  EXPECT_EQ(shop.readonly.username, "r");
  EXPECT_EQ(shop.source_password, "4");
  EXPECT_EQ(secrets->of("other").app.password, "1");
  EXPECT_EQ(users_of(shop).size(), 2u);
}

TEST_F(secrets_file, is_never_quoted_in_an_error) {
  for (const char* text : {"[default]\napp = { username = \"a\", password = needle }\n",
                           "[default]\napp = { password = \"needle\" }\n",
                           "[default]\nneedles = \"needle\"\n", "x = \"needle\"\n"}) {
    const auto secrets = read(text);
    ASSERT_FALSE(secrets.has_value()) << text;
    EXPECT_THAT(secrets.error().text(), Not(HasSubstr("\"needle")));
    EXPECT_THAT(secrets.error().text(), Not(HasSubstr("= needle")));
    EXPECT_THAT(secrets.error().text(), HasSubstr("line "));
  }
}

}  // namespace
}  // namespace pawl::restore
