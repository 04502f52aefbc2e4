#include "restore/questions/questions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "restore/instances/instance.h"
#include "restore/instances/removal.h"
#include "restore/questions/batch_report.h"
#include "restore/questions/register_questions.h"
#include "restore/questions/testing_questions.h"
#include "restore/snapshots/snapshot_lock.h"
#include "restore/steps/notify_step.h"
#include "restore/testing_stranger.h"

namespace pawl::restore::questions {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

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
    return ExecutionEnd{
        "ABORTED", "Stopped.ByHand", "lunch", {}, *parse_instant("2026-11-21T01:59:00.3Z")};
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

TEST_F(questions_about_restores, a_restore_takes_as_long_as_its_execution_that_one_watches) {
  keep_ended("op-1", "SUCCEEDED");
  services.end_of = [](const std::string&) {
    return ExecutionEnd{"SUCCEEDED", "", "", *parse_instant("2026-11-21T00:59:59.9Z"),
                        *parse_instant("2026-11-21T01:00:40.2Z")};
  };
  const auto seconds_of = [&](const char* arn) {
    keep("op-1", concat(R"({"execution_arn": ")", arn, R"("})"));
    return answer(list, "{}")["operations"].elements()[0]["seconds"];
  };
  EXPECT_EQ(json::write(seconds_of("arn:aws:states:r:1:execution:restore:op-1")), "40.3");
  // Another machine may do more than the restore.
  EXPECT_EQ(seconds_of("arn:aws:states:r:1:execution:nightly:op-1"), 40.0);
}

TEST_F(questions_about_restores, a_report_leads_to_the_endpoint_only_while_its_data_serve) {
  keep_ended("op-1", "SUCCEEDED");
  keep("op-1", R"({"endpoint": {"host": "/x", "address": "127.0.0.1", "port": 1}})");
  const auto endpoint = [&] {
    return answer(report, R"({"operation_id": "op-1"})")["operations"].elements()[0]["endpoint"];
  };
  serve("customer-db", "op-1");
  EXPECT_TRUE(endpoint().is_null()) << "it has none any more";
  // As it is now, not as it was at the swap.
  const Region& west = stage.settings.regions["us-west-2"];
  const uint16_t port = *reserve_endpoint_port(stage.settings, west, "customer-db");
  EXPECT_EQ(endpoint()["port"], port);
  ASSERT_TRUE(keep_down(stage.settings.regions["us-west-2"], "customer-db").has_value());
  EXPECT_TRUE(endpoint().is_null());
  ASSERT_TRUE(let_up(stage.settings.regions["us-west-2"], "customer-db").has_value());
  EXPECT_EQ(endpoint()["port"], port);
  serve("customer-db", "op-0");
  EXPECT_TRUE(endpoint().is_null());

  serve("customer-db", "op-1");
  const testing::Stranger stranger;
  stage.settings.clusters["customer-db"].endpoint_ports["us-west-2"] = stranger.port();
  EXPECT_TRUE(endpoint().is_null()) << "it leads to another's data";
}

TEST_F(questions_about_restores, a_report_warns_of_who_could_not_be_told) {
  keep_ended("op-1", "SUCCEEDED");
  const auto tell = [&](const char* status, std::string_view details) {
    AuditLine line;
    line.operation_id = "op-1";
    line.step = "sns-notification";
    line.status = status;
    line.details = *json::parse(details);
    ASSERT_TRUE(operations.append_audit("us-west-2", line).has_value());
  };
  const auto warnings = [&] {
    return json::write(
        answer(report, R"({"operation_id": "op-1"})")["operations"].elements()[0]["warnings"]);
  };
  tell("FAILED", R"({"error": "no subscriber could be told: http: refused"})");
  EXPECT_EQ(warnings(), R"(["notification: no subscriber could be told: http: refused"])");
  tell("SUCCESS", R"({"notified": {"file": "ok", "http": "refused"}})");
  EXPECT_EQ(warnings(), R"(["notification: http: refused"])");
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
         "operation_id": "b-customer-db-1", "attempts": 1, "seconds": 41.0},
        {"index": 1, "database": "order-db", "target_cluster": "order-db", "status": "FAILED",
         "operation_id": "b-order-db-1", "attempts": 1, "error": "Restore.SnapshotNotFound"}]})");
  ASSERT_TRUE(batches.create("b", batch).has_value());
  keep_ended("b-customer-db-1", "SUCCEEDED");
  const auto reported = batch_report(services, batches, call(R"({"batch_id": "b"})"));
  ASSERT_TRUE(reported.has_value()) << reported.error().text();
  EXPECT_EQ((*reported)["message"], "1/2 restored; failed: order-db");
  const json::Value operations = (*reported)["operations"];
  EXPECT_EQ(operations.elements()[0]["tables"], 4);
  EXPECT_EQ(operations.elements()[0]["seconds"], 41.0);
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

TEST_F(questions_about_restores, a_removal_that_was_interrupted_can_be_repeated) {
  const Region& west = stage.settings.regions["us-west-2"];
  keep_ended("op-1", "SUCCEEDED");
  serve("customer-db", "op-1");
  ASSERT_TRUE(begin_removal(west, "customer-db", {"op-1", {"op-1", "op-0"}}).has_value());
  std::filesystem::remove(Layout(west).cluster("customer-db") + "/current");

  EXPECT_EQ(answer(remove, R"({"target_cluster": "customer-db"})")["operation_id"], "op-1");
  EXPECT_EQ(stage.provider.done, "remove us-west-2/customer-db");
  EXPECT_EQ((*operations.find("op-1"))["status"], "REMOVED");
  EXPECT_EQ(ask(remove, R"({"target_cluster": "customer-db"})").error().code(),
            ErrorCode::not_found);
}

TEST_F(questions_about_restores, the_next_start_carries_on_what_an_interrupted_removal_has_left) {
  const Region& west = stage.settings.regions["us-west-2"];
  keep_ended("op-1", "SUCCEEDED");
  serve("customer-db", "op-1");
  ASSERT_TRUE(begin_removal(west, "customer-db", {"op-1", {"op-1"}}).has_value());
  carry_on_removals(services);
  EXPECT_EQ(stage.provider.done, "") << "it serves yet";

  std::filesystem::remove(Layout(west).cluster("customer-db") + "/current");
  carry_on_removals(services);
  EXPECT_EQ(stage.provider.done, "remove us-west-2/customer-db");
  EXPECT_EQ((*operations.find("op-1"))["status"], "REMOVED");
  EXPECT_FALSE(is_half_removed(west, "customer-db"));
}

TEST_F(questions_about_restores, the_next_start_removes_nothing_that_nobody_asked_to_remove) {
  const Region& west = stage.settings.regions["us-west-2"];
  keep_ended("op-1", "SUCCEEDED");
  serve("customer-db", "op-1");
  ASSERT_TRUE(keep_down(west, "customer-db").has_value());
  std::filesystem::remove(Layout(west).cluster("customer-db") + "/current");
  carry_on_removals(services);
  EXPECT_EQ(stage.provider.done, "");
  EXPECT_TRUE(is_half_removed(west, "customer-db")) << "whoever asks for it may";
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

TEST_F(questions_about_restores, a_snapshot_to_delete_that_is_elsewhere_is_named_with_its_region) {
  Snapshot snapshot;
  snapshot.cluster = "order-db";
  snapshot.date = "2026-11-20";
  const std::string at =
      Layout(stage.settings.regions["us-west-2"]).snapshot("order-db", "2026-11-20");
  std::filesystem::create_directories(at);
  ASSERT_TRUE(
      world::write_file_atomically(at + "/snapshot.json", json::write(to_json(snapshot)), 0644)
          .has_value());
  const auto missing =
      ask(snapshot_delete, R"({"cluster_name": "order-db", "snapshot_date": "2026-11-20"})");
  EXPECT_THAT(missing.error().hint(),
              HasSubstr("us-west-2 has the one of 2026-11-20: --region us-west-2."));
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
