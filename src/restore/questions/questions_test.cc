#include "restore/questions/questions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "restore/questions/batch_report.h"
#include "restore/questions/testing.h"
#include "restore/snapshots/snapshot_lock.h"
#include "restore/steps/notify_step.h"
#include "restore/testing_stranger.h"
#include "world/files.h"

namespace pawl::restore::questions {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class NoProcesses : public world::Processes {
 public:
  Result<world::Exit> run(const world::Program&, Duration, const world::Cancellation&) override {
    return Error(ErrorCode::unsupported, "no process in this test");
  }
  Result<pid_t> start_detached(const world::Program&, const std::string&) override {
    return Error(ErrorCode::unsupported, "no process in this test");
  }
};

class questions_about_restores : public ::testing::Test {
 protected:
  using Question = Result<json::Value> (*)(Services&, const functions::Call&);

  functions::Call call(std::string_view event) {
    return functions::Call{.request_id = "r-1",
                           .function_name = "",
                           .execution_arn = "",
                           .execution_name = "",
                           .attempt = 0,
                           .deadline = {},
                           .event = *json::parse(event),
                           .cancellation = stage.cancellation,
                           .progress = {}};
  }
  Result<json::Value> ask(Question question, std::string_view event) {
    return question(services, call(event));
  }
  json::Value answer(Question question, std::string_view event) {
    auto answered = ask(question, event);
    EXPECT_TRUE(answered.has_value()) << answered.error().text();
    return answered ? *answered : json::Value();
  }
  Error refused_alike(std::string_view event);
  void keep(const char* id, std::string_view state) {
    ASSERT_TRUE(operations.merge("us-west-2", id, *json::parse(state)).has_value());
  }
  void keep_ended(const char* id, std::string_view status) {
    keep(id, concat(R"({"cluster_name": "customer-db", "target_cluster": "customer-db",
         "target_region": "us-west-2", "snapshot_date": "2026-11-20", "status": ")",
                    status, R"(", "step": "notify", "started": "2026-11-21T01:00:00Z",
         "ended": "2026-11-21T01:00:40Z", "snapshot_bytes": 200000000, "schema_count": 3,
         "table_count": 4, "row_count": 900, "users_created": ["app"]})"));
  }
  // The link that says which operation's instance serves the cluster in us-west-2.
  void serve(const char* cluster, const char* id) {
    const std::string folder = Layout(stage.settings.regions["us-west-2"]).cluster(cluster);
    std::filesystem::create_directories(folder);
    std::filesystem::remove(folder + "/current");
    std::filesystem::create_symlink(concat("../../instances/", id), folder + "/current");
  }
  std::map<std::string, std::string> tree() {
    std::map<std::string, std::string> files;
    for (const auto& one : std::filesystem::recursive_directory_iterator(stage.directory)) {
      const auto when = std::filesystem::last_write_time(one.path()).time_since_epoch().count();
      files[one.path().string()] =
          concat(one.is_regular_file() ? *world::read_file(one.path().string()) : "", "@", when);
    }
    return files;
  }

  testing::Stage stage;
  NoProcesses processes;
  Operations operations{stage.settings, stage.clock};
  TargetLock lock{stage.settings, stage.clock};
  Catalogue catalogue{stage.settings};
  batch::Batches batches{stage.settings};
  Services services{stage.settings, stage.clock, processes,      operations,
                    lock,           catalogue,   stage.provider, {}};
};

TEST_F(questions_about_restores, a_plan_says_what_would_be_moved_and_touches_nothing) {
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
  EXPECT_EQ(planned["disk"]["is_enough"], true);
  // The earlier one moved half as much in 40 s.
  EXPECT_EQ(planned["estimated_seconds"], 80.0);
  EXPECT_EQ(planned["estimated_from"], "operation earlier");
}

TEST_F(questions_about_restores, a_plan_without_earlier_operations_says_that_it_assumes) {
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

TEST_F(questions_about_restores, a_plan_warns_of_a_disk_that_may_be_too_small) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  stage.settings.regions["us-west-2"].space_limit = 500'000'000;
  const json::Value planned =
      answer(plan, R"({"cluster_name": "customer-db", "target_region": "us-west-2"})");
  EXPECT_EQ(planned["disk"]["is_enough"], false);
  EXPECT_THAT(warnings_of(planned), Contains(HasSubstr("not enough space in us-west-2")));
}

// The refusal, which is the same for both.
Error questions_about_restores::refused_alike(std::string_view event) {
  const auto planned = ask(plan, event), checked = ask(check, event);
  EXPECT_FALSE(planned.has_value() || checked.has_value()) << event;
  if (planned || checked) return Error(ErrorCode::failed, "not refused");
  EXPECT_EQ(planned.error().text(), checked.error().text());
  EXPECT_EQ(planned.error().code(), checked.error().code());
  return checked.error();
}

constexpr const char* to_the_west =
    R"({"cluster_name": "customer-db", "target_region": "us-west-2", "operation_id": "mine"})";

TEST_F(questions_about_restores, a_target_that_is_being_restored_refuses_a_plan_as_a_run) {
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

TEST_F(questions_about_restores, who_holds_the_target_already_may_ask_again) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  keep("mine", R"({"status": "RUNNING", "target_region": "us-west-2", "batch_id": "b"})");
  ASSERT_TRUE(lock.acquire("us-west-2", "customer-db", "mine").has_value());
  EXPECT_TRUE(ask(check, to_the_west).has_value());
  EXPECT_TRUE(ask(check, R"({"databases": ["customer-db"], "target_region": "us-west-2",
                             "batch_id": "b"})")
                  .has_value());
}

TEST_F(questions_about_restores, another_snapshot_of_the_date_at_the_target_refuses_both) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  Snapshot other;
  other.name = "aurora-snapshot-customer-db-2026-11-20";
  other.cluster = "customer-db";
  other.region = "us-west-2";
  other.date = "2026-11-20";
  other.taken = *parse_instant("2026-11-20T23:00:00Z");
  const std::string folder =
      Layout(stage.settings.regions["us-west-2"]).snapshot("customer-db", other.date);
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/snapshot.json") << json::write(to_json(other));
  const Error refused = refused_alike(to_the_west);
  EXPECT_EQ(refused.code(), ErrorCode::already_exists);
  EXPECT_THAT(refused.hint(),
              HasSubstr("`pawl snapshot delete customer-db 2026-11-20 --region us-west-2`"));
}

TEST_F(questions_about_restores, secrets_that_would_be_refused_refuse_both) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  stage.settings.secrets_file = stage.directory + "/secrets.toml";
  EXPECT_EQ(refused_alike(to_the_west).code(), ErrorCode::invalid_argument);
  ASSERT_TRUE(world::write_file_atomically(stage.settings.secrets_file, "", 0644).has_value());
  EXPECT_EQ(refused_alike(to_the_west).code(), ErrorCode::permission_denied);
}

TEST_F(questions_about_restores, a_name_that_no_execution_can_have_is_refused) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  const auto refused = ask(check, concat(R"({"cluster_name": "customer-db", "operation_id": ")",
                                         std::string(100, 'n'), R"("})"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::invalid_argument);
  EXPECT_THAT(refused.error().message(), HasSubstr("has 100 characters; 80 are the most"));
}

TEST_F(questions_about_restores, a_plan_archives_only_what_is_a_copy) {
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

TEST_F(questions_about_restores, a_plan_says_what_a_clean_up_will_not_remove) {
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

TEST_F(questions_about_restores, a_plan_of_what_cannot_be_restored_is_refused) {
  EXPECT_EQ(ask(plan, R"({"cluster_name": "customer-db"})").error().code(), ErrorCode::not_found);
  EXPECT_EQ(ask(plan, R"({"cluster_name": "nowhere-db"})").error().code(), ErrorCode::not_found);
  EXPECT_EQ(ask(plan, R"({})").error().code(), ErrorCode::invalid_argument);
}

TEST_F(questions_about_restores, what_cannot_be_restored_is_refused_alike_before_it_is_started) {
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

TEST_F(questions_about_restores, a_port_that_a_stranger_has_is_named_before_anything_is_started) {
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

TEST_F(questions_about_restores, a_region_is_no_target_cluster) {
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

TEST_F(questions_about_restores, operations_and_batches_do_not_take_each_others_ids) {
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

TEST_F(questions_about_restores, a_plan_warns_of_another_days_data_and_of_tables_without_any) {
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

TEST_F(questions_about_restores, a_check_names_every_database_of_a_batch_without_its_snapshot) {
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

TEST_F(questions_about_restores, a_list_has_every_operation_newest_first) {
  keep_ended("older", "SUCCEEDED");
  keep("newer", R"({"status": "RUNNING", "started": "2026-11-21T01:59:00Z"})");
  const json::Value operations = answer(list, "{}")["operations"];
  ASSERT_EQ(operations.size(), 2u);
  EXPECT_EQ(operations.elements()[0]["operation_id"], "newer");
  EXPECT_EQ(operations.elements()[0]["seconds"], 60.0);
  EXPECT_EQ(operations.elements()[1]["seconds"], 40.0);
  EXPECT_EQ(answer(list, R"({"region": "us-east-1"})")["operations"].size(), 0u);
  EXPECT_FALSE(ask(list, R"({"region": "mars-1"})").has_value());
}

TEST_F(questions_about_restores, an_operation_whose_execution_was_stopped_is_no_longer_running) {
  keep_ended("old", "SUCCEEDED");
  keep("cut", R"({"status": "RUNNING", "started": "2026-11-21T01:59:00Z", "execution_arn": "arn:x",
                  "target_cluster": "customer-db", "target_region": "us-west-2"})");
  serve("customer-db", "old");
  services.is_running = [](const std::string&) { return true; };
  EXPECT_EQ(answer(list, "{}")["operations"].elements()[0]["status"], "RUNNING");
  services.is_running = [](const std::string&) { return false; };
  const json::Value rows = answer(list, "{}")["operations"];
  EXPECT_EQ(rows.elements()[0]["status"], "STOPPED");
  EXPECT_EQ(rows.elements()[0]["is_serving"], false);
  EXPECT_EQ(rows.elements()[0]["serving"], "old");
  EXPECT_EQ(rows.elements()[1]["is_serving"], true);
  const json::Value cut = answer(report, R"({"operation_id": "cut"})")["operations"].elements()[0];
  EXPECT_EQ(cut["status"], "STOPPED");
  EXPECT_EQ(cut["cause"],
            "execution arn:x does not run any more; operation old goes on serving customer-db");
}

TEST_F(questions_about_restores, a_stopped_operation_ended_when_and_as_its_execution_did) {
  keep("cut", R"({"status": "RUNNING", "started": "2026-11-21T01:59:00Z", "execution_arn": "arn:x",
                  "target_cluster": "customer-db", "target_region": "us-west-2"})");
  services.is_running = [](const std::string&) { return false; };
  services.end_of = [](const std::string&) {
    return ExecutionEnd{"ABORTED", "Stopped.ByHand", "lunch",
                        *parse_instant("2026-11-21T01:59:00.3Z")};
  };
  const auto reported = [&] {
    return answer(report, R"({"operation_id": "cut"})")["operations"].elements()[0];
  };
  const json::Value first = reported();
  EXPECT_EQ(first["status"], "STOPPED");
  EXPECT_EQ(first["error"], "Stopped.ByHand");
  EXPECT_EQ(first["cause"], "lunch; nothing serves customer-db");
  EXPECT_EQ(first["ended"], "2026-11-21T01:59:00.300Z");
  EXPECT_EQ(json::write(first["seconds"]), "0.3");
  stage.clock.advance(hours(1));
  keep("cut", R"({"step": "written late"})");
  EXPECT_EQ(reported()["ended"], first["ended"]);
  EXPECT_EQ(answer(list, "{}")["operations"].elements()[0]["seconds"], first["seconds"]);
}

TEST_F(questions_about_restores, a_report_leads_to_the_endpoint_only_while_its_data_serve) {
  keep_ended("op-1", "SUCCEEDED");
  keep("op-1", R"({"endpoint": {"host": "/x", "address": "127.0.0.1", "port": 6100}})");
  const auto endpoint = [&] {
    return answer(report, R"({"operation_id": "op-1"})")["operations"].elements()[0]["endpoint"];
  };
  serve("customer-db", "op-1");
  EXPECT_EQ(endpoint()["port"], 6100);
  serve("customer-db", "op-0");
  EXPECT_TRUE(endpoint().is_null());
}

TEST_F(questions_about_restores, a_report_says_why_a_step_failed) {
  keep_ended("op-1", "SUCCEEDED");
  AuditLine line;
  line.operation_id = "op-1";
  line.step = "archive-snapshot";
  line.status = "FAILED";
  line.details =
      json::Value::object({{"error", "Restore.OutOfSpace"}, {"cause", "the disk is full"}});
  ASSERT_TRUE(operations.append_audit("us-west-2", line).has_value());
  const json::Value reported = answer(report, R"({"operation_id": "op-1"})");
  const json::Value step = reported["operations"].elements()[0]["steps"].elements()[0];
  EXPECT_EQ(step["error"], "Restore.OutOfSpace");
  EXPECT_EQ(step["cause"], "the disk is full");
}

TEST_F(questions_about_restores, a_report_has_the_steps_of_the_audit_also_after_clean_up) {
  keep_ended("op-1", "SUCCEEDED");
  AuditLine line;
  line.at = stage.clock.now();
  line.operation_id = "op-1";
  line.step = "copy-snapshot";
  line.status = "SUCCESS";
  line.took = milliseconds(1500);
  ASSERT_TRUE(operations.append_audit("us-west-2", line).has_value());
  const json::Value reported = answer(report, R"({"operation_id": "op-1"})");
  const json::Value operation = reported["operations"].elements()[0];
  EXPECT_EQ(operation["tables"], 4);
  EXPECT_EQ(operation["bytes"], 200'000'000);
  EXPECT_EQ(operation["steps"].elements()[0]["seconds"], 1.5);

  const std::string folder = Layout(stage.settings.regions["us-west-2"]).operation("op-1");
  std::filesystem::remove(folder + "/state.json");
  const json::Value rest =
      answer(report, R"({"operation_id": "op-1"})")["operations"].elements()[0];
  EXPECT_EQ(rest["steps"].size(), 1u);
}

TEST_F(questions_about_restores, the_report_of_a_batch_has_its_message_and_each_operation) {
  const json::Value batch = *json::parse(R"({"batch_id": "b", "owner": "o", "stopped": false,
      "items": [{"index": 0, "name": "customer-db", "target_cluster": "customer-db",
                 "execution_prefix": "b-customer-db"},
                {"index": 1, "name": "order-db", "target_cluster": "order-db",
                 "execution_prefix": "b-order-db"}],
      "turns": [], "results": [
        {"index": 0, "database": "customer-db", "status": "SUCCEEDED",
         "operation_id": "b-customer-db-1", "attempts": 1, "seconds": 40.0},
        {"index": 1, "database": "order-db", "target_cluster": "order-db", "status": "FAILED",
         "operation_id": "b-order-db-1", "attempts": 1, "error": "Restore.SnapshotNotFound"}]})");
  ASSERT_TRUE(batches.create("b", batch).has_value());
  keep_ended("b-customer-db-1", "SUCCEEDED");
  const auto reported = batch_report(services, batches, call(R"({"batch_id": "b"})"));
  ASSERT_TRUE(reported.has_value()) << reported.error().text();
  EXPECT_EQ((*reported)["message"], "1/2 restored; failed: order-db");
  const json::Value operations = (*reported)["operations"];
  EXPECT_EQ(operations.elements()[0]["tables"], 4);
  EXPECT_EQ(operations.elements()[1]["status"], "FAILED");
  EXPECT_EQ(operations.elements()[1]["error"], "Restore.SnapshotNotFound");
}

TEST_F(questions_about_restores, what_a_stopped_batch_has_not_done_is_not_running_any_more) {
  const json::Value batch = *json::parse(R"({"batch_id": "b", "owner": "arn:batch", "items": [
      {"index": 0, "name": "customer-db", "execution_prefix": "b-customer-db"},
      {"index": 1, "name": "order-db", "execution_prefix": "b-order-db"}],
      "turns": [{"index": 0, "start_at": "2026-11-21T01:00:00Z"}], "results": []})");
  ASSERT_TRUE(batches.create("b", batch).has_value());
  services.is_running = [](const std::string&) { return false; };
  const auto reported = batch_report(services, batches, call(R"({"batch_id": "b"})"));
  ASSERT_TRUE(reported.has_value()) << reported.error().text();
  EXPECT_EQ((*reported)["message"], "0/2 restored; stopped: customer-db; not started: order-db");
  EXPECT_EQ((*reported)["operations"].elements()[0]["status"], "STOPPED");
  EXPECT_EQ((*reported)["operations"].elements()[1]["status"], "SKIPPED");
}

TEST_F(questions_about_restores, a_rollback_leads_back_and_is_kept) {
  keep_ended("op-1", "SUCCEEDED");
  const json::Value rolled = answer(rollback, R"({"operation_id": "op-1"})");
  EXPECT_EQ(stage.provider.swapped_back, "op-1");
  EXPECT_EQ(rolled["endpoint"]["port"], 6100);
  EXPECT_EQ((*operations.find("op-1"))["status"], "ROLLED_BACK");
  EXPECT_EQ(operations.audit("us-west-2", "op-1")->back().step, "rollback");
  EXPECT_EQ(*lock.holder("us-west-2", "customer-db"), std::nullopt);

  serve("customer-db", "op-0");
  const auto again = ask(rollback, R"({"operation_id": "op-1"})");
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code(), ErrorCode::conflict);
  EXPECT_THAT(again.error().message(), HasSubstr("has been rolled back already"));
  EXPECT_THAT(again.error().hint(), HasSubstr("operation op-0 serves customer-db"));
}

TEST_F(questions_about_restores, a_batch_is_not_rolled_back_but_its_operations_are) {
  ASSERT_TRUE(batches.create("b", *json::parse(R"({"batch_id": "b", "items": []})")).has_value());
  const auto refused = ask(rollback, R"({"operation_id": "b"})");
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message(), HasSubstr("b is a batch"));
  EXPECT_THAT(refused.error().hint(), HasSubstr("`pawl restore report b -o wide`"));
  EXPECT_EQ(ask(rollback, R"({"operation_id": "c"})").error().code(), ErrorCode::not_found);
}

TEST_F(questions_about_restores, what_can_be_no_snapshot_is_known_before_one_is_taken) {
  EXPECT_EQ(answer(snapshot_check, R"({"cluster_name": "customer-db"})")["date"], "2026-11-21");
  EXPECT_EQ(ask(snapshot_check, R"({"cluster_name": "nosuch"})").error().code(),
            ErrorCode::not_found);
  EXPECT_EQ(ask(snapshot_check, R"({"cluster_name": "customer-db", "snapshot_date": "2026-11-22"})")
                .error()
                .code(),
            ErrorCode::invalid_argument);
}

TEST_F(questions_about_restores, nothing_is_rolled_back_while_something_restores_there) {
  keep("op-2", R"({"status": "RUNNING", "target_region": "us-west-2",
                   "target_cluster": "customer-db"})");
  keep_ended("op-1", "SUCCEEDED");
  ASSERT_TRUE(lock.acquire("us-west-2", "customer-db", "op-2").has_value());
  EXPECT_EQ(ask(rollback, R"({"operation_id": "op-1"})").error().code(), ErrorCode::conflict);
  EXPECT_EQ(ask(rollback, R"({"operation_id": "op-2"})").error().code(), ErrorCode::conflict);
  EXPECT_EQ(stage.provider.swapped_back, "");
}

TEST_F(questions_about_restores, only_what_serves_and_is_not_being_restored_is_removed) {
  EXPECT_EQ(ask(remove, R"({"target_cluster": "customer-db"})").error().code(),
            ErrorCode::not_found);
  keep_ended("op-1", "SUCCEEDED");
  serve("customer-db", "op-1");
  keep("op-2", R"({"status": "RUNNING", "target_region": "us-west-2",
                   "target_cluster": "customer-db"})");
  ASSERT_TRUE(lock.acquire("us-west-2", "customer-db", "op-2").has_value());
  EXPECT_EQ(ask(remove, R"({"target_cluster": "customer-db"})").error().code(),
            ErrorCode::conflict);
  EXPECT_EQ(stage.provider.done, "");
  ASSERT_TRUE(lock.release("us-west-2", "customer-db", "op-2").has_value());

  EXPECT_EQ(answer(remove, R"({"target_cluster": "customer-db"})")["operation_id"], "op-1");
  EXPECT_EQ(stage.provider.done, "remove us-west-2/customer-db");
  EXPECT_EQ((*operations.find("op-1"))["status"], "REMOVED");
  EXPECT_EQ(operations.audit("us-west-2", "op-1")->back().step, "remove");
}

TEST_F(questions_about_restores, a_snapshot_in_both_tiers_is_listed_once_and_found_from_elsewhere) {
  const Region& west = stage.settings.regions["us-west-2"];
  Snapshot snapshot;
  snapshot.cluster = "order-db";
  snapshot.date = "2026-11-20";
  snapshot.taken = *parse_instant("2026-11-20T01:00:00Z");
  const std::string text = json::write(to_json(snapshot));
  const std::string archive = Layout(west).archive("order-db");
  const std::string whole = Layout(west).snapshot("order-db", "2026-11-20");
  for (const std::string& folder : {archive, whole}) std::filesystem::create_directories(folder);
  ASSERT_TRUE(world::write_file_atomically(archive + "/2026-11-20.tar.zst", "z", 0644).has_value());
  ASSERT_TRUE(world::write_file_atomically(archive + "/2026-11-20.json", text, 0644).has_value());
  const auto listed = [&] { return answer(snapshot_list, "{}")["snapshots"]; };
  ASSERT_EQ(listed().size(), 1u);
  EXPECT_EQ(listed().elements()[0]["tier"], "archive");
  EXPECT_EQ(listed().elements()[0]["archive_bytes"], 1);
  ASSERT_TRUE(world::write_file_atomically(whole + "/snapshot.json", text, 0644).has_value());
  ASSERT_EQ(listed().size(), 1u);
  EXPECT_EQ(listed().elements()[0]["tier"], "both");

  const auto missing = catalogue.find("us-east-1", "order-db", "2026-11-20");
  EXPECT_EQ(missing.error().hint(),
            "There is none of it in us-east-1 yet; `pawl snapshot take order-db` takes one. "
            "us-west-2 has the one of 2026-11-20: --from us-west-2.");
}

TEST_F(questions_about_restores, a_snapshot_is_deleted_unless_it_is_in_use_or_the_last) {
  const Region& east = stage.settings.regions["us-east-1"];
  const auto put = [&](const char* date) {
    Snapshot snapshot;
    snapshot.cluster = "order-db";
    snapshot.date = date;
    const std::string at = Layout(east).snapshot("order-db", date);
    std::filesystem::create_directories(at + "/data");
    ASSERT_TRUE(
        world::write_file_atomically(at + "/snapshot.json", json::write(to_json(snapshot)), 0644)
            .has_value());
  };
  put("2026-11-19");
  put("2026-11-20");
  stage.provider.latest["order-db"] = "2026-11-20";
  const char* event = R"({"cluster_name": "order-db", "snapshot_date": "2026-11-20"})";

  keep("op-1", R"({"status": "RUNNING", "cluster_name": "order-db", "source_region": "us-east-1",
                   "target_region": "us-west-2", "snapshot_date": "2026-11-20"})");
  EXPECT_THAT(ask(snapshot_delete, event).error().message(), HasSubstr("operation op-1"));
  keep("op-1", R"({"status": "FAILED"})");
  {
    const auto used = use_snapshot(east, "order-db", "2026-11-20");
    EXPECT_EQ(ask(snapshot_delete, event).error().code(), ErrorCode::conflict);
  }
  EXPECT_EQ(answer(snapshot_delete, event)["date"], "2026-11-20");
  EXPECT_FALSE(world::exists(Layout(east).snapshot("order-db", "2026-11-20")));

  stage.provider.latest["order-db"] = "2026-11-19";
  const auto last =
      ask(snapshot_delete, R"({"cluster_name": "order-db", "snapshot_date": "2026-11-19"})");
  EXPECT_THAT(last.error().message(), HasSubstr("the last one of order-db"));
  answer(snapshot_delete,
         R"({"cluster_name": "order-db", "snapshot_date": "2026-11-19", "force": true})");
  EXPECT_FALSE(world::exists(Layout(east).snapshot("order-db", "2026-11-19")));
  EXPECT_EQ(ask(snapshot_delete, R"({"cluster_name": "order-db", "snapshot_date": "latest"})")
                .error()
                .code(),
            ErrorCode::invalid_argument);
}

TEST_F(questions_about_restores, a_notification_is_kept_in_the_state_and_the_audit) {
  keep_ended("op-1", "SUCCEEDED");
  stage.settings.notification.file = stage.directory + "/notifications.jsonl";
  const json::Value told = answer(sns_notification, R"({"operation_id": "op-1"})");
  EXPECT_EQ(told["notification_sent"], true);
  EXPECT_EQ((*operations.find("op-1"))["notified"]["file"], "ok");
  EXPECT_EQ(operations.audit("us-west-2", "op-1")->back().status, "SUCCESS");
  const json::Value notice = *json::parse(*world::read_file(stage.settings.notification.file));
  EXPECT_EQ(notice["notification_id"], "op-1:SUCCESS");
  EXPECT_EQ(notice["summary"]["duration_seconds"], 40.0);
}

TEST_F(questions_about_restores, a_failure_before_anything_was_kept_is_told_from_the_input) {
  stage.settings.notification.file = stage.directory + "/notifications.jsonl";
  answer(sns_notification, R"({"operation_id": "op-9", "status": "FAILED",
      "cluster_name": "order-db", "target_region": "us-west-2",
      "error": "Restore.SnapshotNotFound", "cause": "there are: 2026-11-20"})");
  const json::Value notice = *json::parse(*world::read_file(stage.settings.notification.file));
  EXPECT_EQ(notice["summary"]["target_cluster_id"], "order-db");
  EXPECT_EQ(notice["summary"]["error"], "Restore.SnapshotNotFound");
  EXPECT_EQ(operations.find("op-9").error().code(), ErrorCode::not_found);
}

TEST_F(questions_about_restores, a_notification_that_nobody_received_is_worth_another_try) {
  keep_ended("op-1", "SUCCEEDED");
  stage.settings.notification.file = stage.directory;  // no file
  const auto told = ask(sns_notification, R"({"operation_id": "op-1"})");
  ASSERT_FALSE(told.has_value());
  EXPECT_EQ(told.error().code(), ErrorCode::unavailable);
  EXPECT_EQ(operations.audit("us-west-2", "op-1")->back().status, "FAILED");
}

}  // namespace
}  // namespace pawl::restore::questions
