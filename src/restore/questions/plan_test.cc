#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "restore/questions/testing_questions.h"
#include "restore/testing_stranger.h"

// What a restore would do, and what it would be refused for.
namespace pawl::restore::questions {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using plans_of_restores = questions_about_restores;

TEST_F(plans_of_restores, a_plan_says_what_would_be_moved_and_touches_nothing) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  keep_ended("earlier", "SUCCEEDED");
  const auto before = tree();
  const json::Value planned =
      answer(plan, R"({"cluster_name": "customer-db", "target_region": "us-west-2"})");
  EXPECT_EQ(tree(), before);

  EXPECT_EQ(planned["snapshot"]["date"], "2026-11-20");
  EXPECT_EQ(planned["copy"], *json::parse(R"({"needed": true, "bytes": 400000000})"));
  EXPECT_EQ(planned["restore"]["bytes"], 400'000'000);
  EXPECT_EQ(planned["replaces"], json::Value());
  EXPECT_EQ(planned["disk"]["needed_bytes"], 800'000'000);
  // The earlier one moved half as much in 40 s.
  EXPECT_EQ(planned["estimated_seconds"], 80.0);
  EXPECT_EQ(planned["estimated_from"], "operation earlier");
}

TEST_F(plans_of_restores, a_plan_without_earlier_operations_says_that_it_assumes) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  const json::Value planned = answer(plan, R"({"cluster_name": "customer-db"})");
  EXPECT_EQ(planned["copy"]["needed"], false);
  EXPECT_THAT(*planned.string_at("estimated_from"), HasSubstr("assumed"));
  EXPECT_GT(*planned.number_at("estimated_seconds"), 0);
}

std::vector<std::string> warnings_of(const json::Value& planned) {
  std::vector<std::string> warnings;
  const json::Value list = planned["warnings"];
  for (const json::Value& warning : list.elements()) warnings.emplace_back(warning.string());
  return warnings;
}

constexpr const char* to_the_west =
    R"({"cluster_name": "customer-db", "target_region": "us-west-2", "operation_id": "mine"})";

// A file of so many bytes that takes no blocks.
void put_file(const std::string& path, uintmax_t bytes) {
  std::filesystem::create_directories(world::parent_directory(path));
  std::ofstream(path).close();
  std::filesystem::resize_file(path, bytes);
}

TEST_F(plans_of_restores, too_little_space_refuses_a_plan_as_a_run) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  Region& west = stage.settings.regions["us-west-2"];
  west.space_limit = 700'000'000;
  const Error refused = refused_alike(to_the_west);
  EXPECT_EQ(refused.code(), ErrorCode::out_of_space);
  EXPECT_EQ(refused.message(),
            concat("not enough space in us-west-2: 800 MB are needed in ", west.directory,
                   ", 700 MB are free (its space_limit is 700 MB)"));
  EXPECT_THAT(refused.hint(), HasSubstr("`pawl snapshot delete`"));

  west.space_limit = 800'000'000;
  EXPECT_TRUE(ask(plan, to_the_west).has_value());
}

TEST_F(plans_of_restores, no_space_is_needed_for_what_is_there_already_or_will_be_removed) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  Region& west = stage.settings.regions["us-west-2"];
  west.space_limit = 800'000'000;
  const Layout layout(west);
  put_file(layout.snapshot("customer-db", "2026-11-20") + "/data/base/1", 300'000'000);
  EXPECT_EQ(answer(plan, to_the_west)["disk"]["needed_bytes"], 500'000'000);

  // What a dead run has left beside it, which a restore takes up or removes before it begins.
  put_file(layout.instance("mine") + "/data/base/1", 350'000'000);
  EXPECT_TRUE(ask(check, to_the_west).has_value());
  put_file(west.directory + "/of-others", 1);
  EXPECT_EQ(refused_alike(to_the_west).code(), ErrorCode::out_of_space);
}

TEST_F(plans_of_restores, a_target_that_is_being_restored_refuses_a_plan_as_a_run) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  keep("other", R"({"status": "RUNNING", "target_region": "us-west-2", "execution_arn": "arn:other",
                    "started": "2026-11-21T01:59:00Z"})");
  ASSERT_TRUE(lock.acquire("us-west-2", "customer-db", "other").has_value());
  const Error refused = refused_alike(to_the_west);
  EXPECT_EQ(refused.code(), ErrorCode::conflict);
  EXPECT_THAT(refused.message(), HasSubstr("by operation other since 2026-11-21T01:59:00Z"));
  EXPECT_THAT(refused.hint(), HasSubstr("`pawl execution stop arn:other`"));

  // Its execution was stopped: the restore would take the target over.
  services.is_running = [](const std::string&) { return false; };
  EXPECT_TRUE(ask(plan, to_the_west).has_value());
  EXPECT_TRUE(ask(check, to_the_west).has_value());
}

TEST_F(plans_of_restores, who_holds_the_target_already_may_ask_again) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  keep("mine", R"({"status": "RUNNING", "target_region": "us-west-2", "batch_id": "b"})");
  ASSERT_TRUE(lock.acquire("us-west-2", "customer-db", "mine").has_value());
  EXPECT_TRUE(ask(check, to_the_west).has_value());
  EXPECT_TRUE(ask(check, R"({"databases": ["customer-db"], "target_region": "us-west-2",
                             "batch_id": "b"})")
                  .has_value());
}

TEST_F(plans_of_restores, another_snapshot_of_the_date_in_either_tier_of_the_target_refuses_both) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  Snapshot other;
  other.name = "aurora-snapshot-customer-db-2026-11-20";
  other.cluster = "customer-db";
  other.region = "us-west-2";
  other.date = "2026-11-20";
  other.taken = *parse_instant("2026-11-20T23:00:00Z");
  const auto refuses_while_there = [&](const std::string& folder, const std::string& name) {
    std::filesystem::create_directories(folder);
    std::ofstream(concat(folder, "/", name)) << json::write(to_json(other));
    const Error refused = refused_alike(to_the_west);
    EXPECT_EQ(refused.code(), ErrorCode::already_exists);
    EXPECT_THAT(refused.hint(),
                HasSubstr("`pawl snapshot delete customer-db 2026-11-20 --region us-west-2`"));
    std::filesystem::remove_all(folder);
  };
  const Layout layout(stage.settings.regions["us-west-2"]);
  refuses_while_there(layout.snapshot("customer-db", other.date), "snapshot.json");
  const std::string archive = layout.archive("customer-db");
  std::filesystem::create_directories(archive);
  std::ofstream(archive + "/2026-11-20.tar.zst") << "packed";
  refuses_while_there(archive, "2026-11-20.json");
}

TEST_F(plans_of_restores, an_archive_of_the_same_snapshot_at_the_target_refuses_nothing) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  const Snapshot same =
      stage.provider.find_snapshot("us-west-2", "customer-db", "2026-11-20").value();
  const std::string archive = Layout(stage.settings.regions["us-west-2"]).archive("customer-db");
  std::filesystem::create_directories(archive);
  std::ofstream(archive + "/2026-11-20.tar.zst") << "packed";
  std::ofstream(archive + "/2026-11-20.json") << json::write(to_json(same));
  EXPECT_TRUE(ask(plan, to_the_west).has_value());
  EXPECT_TRUE(ask(check, to_the_west).has_value());
}

TEST_F(plans_of_restores, secrets_that_would_be_refused_refuse_both) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  stage.settings.secrets_file = stage.directory + "/secrets.toml";
  EXPECT_EQ(refused_alike(to_the_west).code(), ErrorCode::invalid_argument);
  ASSERT_TRUE(world::write_file_atomically(stage.settings.secrets_file, "", 0644).has_value());
  EXPECT_EQ(refused_alike(to_the_west).code(), ErrorCode::permission_denied);
  const auto told = [&](std::string_view text) {
    EXPECT_TRUE(world::write_file_atomically(stage.settings.secrets_file, text, 0600));
    return refused_alike(to_the_west).message();
  };
  EXPECT_THAT(told("[defualt]\n"), HasSubstr("\"defualt\", which is no cluster"));
  EXPECT_TRUE(world::write_file_atomically(
      stage.settings.secrets_file,
      "[default]\napp = {username = \"u\", password = \"p\"}\n[\"of-another-server\"]\n", 0600));
  EXPECT_TRUE(ask(check, to_the_west).has_value());
  EXPECT_THAT(told("[default]\napp = {username = \"u\", password = \"p\"}\n"
                   "readonly = {username = \"u\", password = \"q\"}\n"),
              HasSubstr("one username for app and readonly of customer-db"));
}

TEST_F(plans_of_restores, a_name_that_no_execution_can_have_is_refused) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  const auto refused = ask(check, concat(R"({"cluster_name": "customer-db", "operation_id": ")",
                                         std::string(100, 'n'), R"("})"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::invalid_argument);
  EXPECT_THAT(refused.error().message(), HasSubstr("has 100 characters; 80 are the most"));
}

TEST_F(plans_of_restores, a_plan_archives_only_what_is_a_copy) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  const auto steps = [&](std::string_view event) {
    return json::write(answer(plan, event)["steps"]);
  };
  EXPECT_THAT(steps(to_the_west), HasSubstr("archive the copy"));
  EXPECT_THAT(steps(R"({"cluster_name": "customer-db"})"),
              ::testing::Not(HasSubstr("archive the copy")));
  EXPECT_THAT(steps(R"({"cluster_name": "customer-db", "target_region": "us-west-2",
                        "archive": false})"),
              ::testing::Not(HasSubstr("archive the copy")));
}

TEST_F(plans_of_restores, a_plan_says_what_a_clean_up_will_not_remove) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  const auto warnings = [&](std::string_view archive) {
    return warnings_of(answer(plan, concat(R"({"cluster_name": "customer-db",
        "target_region": "us-west-2", "cleanup_snapshot": true, "archive": )",
                                           archive, "}")));
  };
  EXPECT_THAT(warnings("true"), Contains(HasSubstr("cleanup_snapshot removes nothing")));
  EXPECT_THAT(warnings("false"),
              ::testing::Not(Contains(HasSubstr("cleanup_snapshot removes nothing"))));
}

TEST_F(plans_of_restores, a_plan_of_what_cannot_be_restored_is_refused) {
  EXPECT_EQ(ask(plan, R"({"cluster_name": "customer-db"})").error().code(), ErrorCode::not_found);
  EXPECT_EQ(ask(plan, R"({"cluster_name": "nowhere-db"})").error().code(), ErrorCode::not_found);
  EXPECT_EQ(ask(plan, R"({})").error().code(), ErrorCode::invalid_argument);
}

TEST_F(plans_of_restores, what_cannot_be_restored_is_refused_alike_before_it_is_started) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  struct Wrong {
    std::string_view event, refusal;
  };
  const Wrong wrongs[] = {
      {R"({"cluster_name": "custmer-db"})",
       "no cluster \"custmer-db\"; hint: Did you mean \"customer-db\"? The configuration has "
       "customer-db, order-db, product-db."},
      {R"({"cluster_name": "customer-db", "target_region": "us-wets-2"})",
       "no region \"us-wets-2\"; hint: Did you mean \"us-west-2\"? The configuration has "
       "us-east-1, us-west-2."},
      {R"({"cluster_name": "customer-db", "snapshot_date": "2026-02-30"})",
       "snapshot date \"2026-02-30\" is neither YYYY-MM-DD nor latest"},
  };
  for (const Wrong& wrong : wrongs) {
    EXPECT_EQ(ask(plan, wrong.event).error().text(), wrong.refusal);
    EXPECT_EQ(ask(check, wrong.event).error().text(), wrong.refusal);
  }
  EXPECT_EQ(ask(check, R"({"databases": ["custmer-db"]})").error().text(), wrongs[0].refusal);
  EXPECT_EQ(ask(check, R"({"cluster_name": "order-db"})").error().code(), ErrorCode::not_found);
}

TEST_F(plans_of_restores, a_port_that_a_stranger_has_is_named_before_anything_is_started) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  const testing::Stranger stranger;
  stage.settings.clusters["customer-db"].endpoint_ports["us-west-2"] = stranger.port();
  const char* event = R"({"cluster_name": "customer-db", "target_region": "us-west-2"})";
  for (const Question question : {plan, check}) {
    const auto refused = ask(question, event);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind(), "Restore.PortTaken");
    EXPECT_THAT(refused.error().message(),
                HasSubstr(concat("port ", stranger.port(),
                                 " of the endpoint of customer-db in "
                                 "us-west-2 is taken by restore_test (process ")));
    EXPECT_THAT(refused.error().hint(), HasSubstr("clusters.customer-db.endpoint_ports"));
  }
}

TEST_F(plans_of_restores, a_region_is_no_target_cluster) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  for (const char* target : {"us-west-2", "eu-central-1"}) {
    const auto event =
        concat(R"({"cluster_name": "customer-db", "target_cluster": ")", target, R"("})");
    for (const Question question : {plan, check}) {
      const auto refused = ask(question, event);
      ASSERT_FALSE(refused.has_value()) << target;
      EXPECT_THAT(refused.error().message(), HasSubstr("is the name of a region"));
      EXPECT_THAT(refused.error().hint(), HasSubstr("is one of us-east-1, us-west-2."));
    }
  }
  answer(plan, R"({"cluster_name": "customer-db", "target_cluster": "db-west-1"})");
}

TEST_F(plans_of_restores, operations_and_batches_do_not_take_each_others_ids) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  ASSERT_TRUE(batches.create("nightly", json::Value::object({{"owner", "o"}})).has_value());
  keep_ended("op-1", "SUCCEEDED");
  const auto operation =
      ask(check, R"({"cluster_name": "customer-db", "operation_id": "nightly"})");
  EXPECT_EQ(operation.error().code(), ErrorCode::already_exists);
  EXPECT_THAT(operation.error().message(), HasSubstr("is the id of a batch"));
  const auto batch = ask(check, R"({"databases": ["customer-db"], "batch_id": "op-1"})");
  EXPECT_EQ(batch.error().code(), ErrorCode::already_exists);
  EXPECT_EQ(batches.create("op-1", json::Value::object({{"owner", "o"}})).error().code(),
            ErrorCode::already_exists);
}

TEST_F(plans_of_restores, a_plan_warns_of_another_days_data_and_of_tables_without_any) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  stage.provider.detail = [](Snapshot& snapshot) {
    snapshot.taken = *parse_instant("2026-11-21T01:00:00Z");
    snapshot.inventory.tables = {{"shop", "public", "sessions", 0, "0", true},
                                 {"shop", "public", "orders", 7, "1", false}};
  };
  const json::Value planned = answer(plan, R"({"cluster_name": "customer-db"})");
  EXPECT_THAT(warnings_of(planned),
              Contains(HasSubstr("was taken on 2026-11-21 and named for 2026-11-20")));
  EXPECT_THAT(warnings_of(planned), Contains(HasSubstr("backups leave their data out: "
                                                       "shop.public.sessions")));
}

TEST_F(plans_of_restores, a_check_names_every_database_of_a_batch_without_its_snapshot) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  const char* three = R"({"databases": ["customer-db", "order-db", "product-db"]})";
  const auto refused = ask(check, three);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::not_found);
  EXPECT_THAT(refused.error().message(), HasSubstr("order-db"));
  EXPECT_THAT(refused.error().message(), HasSubstr("product-db"));

  const json::Value restores = answer(
      check, R"({"databases": ["customer-db", "order-db"], "allow_missing": true})")["restores"];
  EXPECT_EQ(restores.elements()[0]["snapshot_date"], "2026-11-20");
  EXPECT_EQ(restores.elements()[1]["snapshot_date"], json::Value());
}

}  // namespace
}  // namespace pawl::restore::questions
