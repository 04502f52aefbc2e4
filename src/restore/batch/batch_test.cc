#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "restore/batch/request.h"
#include "restore/batch/transient.h"
#include "restore/batch/verbs.h"
#include "restore/questions/testing.h"

namespace pawl::restore::batch {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Stage;

class batch_verbs : public ::testing::Test {
 protected:
  using Verb = Result<json::Value> (*)(const Parts&, const functions::Call&);

  Result<json::Value> ask(Verb verb, std::string_view event, std::string execution = "nightly") {
    functions::Call call{
        .request_id = "r-" + execution,
        .function_name = "pawl-batch",
        .execution_arn =
            concat("arn:aws:states:eu-west-1:123456789012:execution:restore-batch:", execution),
        .execution_name = execution,
        .attempt = 0,
        .deadline = {},
        .event = *json::parse(event),
        .cancellation = stage.cancellation,
        .progress = [](engine::Progress) {}};
    return verb({stage.settings, batches, stage.provider, stage.clock, is_running}, call);
  }
  json::Value answer(Verb verb, std::string_view event) {
    auto answer = ask(verb, event);
    EXPECT_TRUE(answer.has_value()) << answer.error().text();
    return answer ? *answer : json::Value();
  }
  std::string refusal(std::string_view event) {
    const auto answer = ask(plan, event);
    EXPECT_FALSE(answer.has_value()) << event;
    return answer ? "" : answer.error().text();
  }
  std::vector<std::string> planned_names(std::string_view event) {
    std::vector<std::string> names;
    const json::Value answered = answer(plan, event);
    const json::Value items = answered["items"];
    for (const json::Value& item : items.elements()) names.push_back(*item.string_at("name"));
    return names;
  }
  void plan_three(std::string_view more = "") {
    answer(plan, concat(R"({"databases": ["customer-db", "product-db", "order-db"])", more, "}"));
  }
  json::Value turn_of(int index) {
    return answer(turn, concat(R"({"batch_id": "nightly", "index": )", index, "}"));
  }
  json::Value record_row(int index, std::string_view status, int attempt = 1) {
    return answer(record, concat(R"({"batch_id": "nightly", "index": )", index, R"(, "attempt": )",
                                 attempt, R"(, "status": ")", status, R"(", "operation_id": "op-)",
                                 index, R"(", "error": "Restore.Corrupt", "cause": "c"})"));
  }

  Stage stage;
  Batches batches{stage.settings};
  std::function<bool(const std::string&)> is_running;
};

TEST_F(batch_verbs, a_plan_keeps_the_order_of_the_list_where_nothing_has_a_priority) {
  EXPECT_THAT(planned_names(R"({"databases": "order-db, customer-db,product-db"})"),
              ElementsAre("order-db", "customer-db", "product-db"));
}

TEST_F(batch_verbs, a_plan_puts_priority_one_first_and_ties_in_the_order_of_the_list) {
  EXPECT_THAT(planned_names(R"({"databases": [{"cluster_name": "order-db", "priority": 2},
                                "product-db", {"cluster_name": "customer-db", "priority": 1},
                                {"cluster_name": "customer-db", "target_cluster": "copy",
                                 "priority": 2}]})"),
              ElementsAre("customer-db", "order-db", "copy", "product-db"));
}

TEST_F(batch_verbs, a_plan_reads_the_names_of_the_original_template) {
  const json::Value planned =
      answer(plan, R"({"DatabaseList": "customer-db,order-db", "SnapshotDate": "2023-10-15",
                       "TargetRegion": "us-west-2", "ConcurrentExecutions": "2"})");
  EXPECT_EQ(planned["concurrency"], 2);
  const json::Value input = planned["items"].elements()[1]["input"];
  EXPECT_EQ(input["cluster_name"], "order-db");
  EXPECT_EQ(input["snapshot_date"], "2023-10-15");
  EXPECT_EQ(input["target_region"], "us-west-2");
}

TEST_F(batch_verbs, a_plan_resolves_latest_for_each_database_by_itself) {
  stage.provider.latest["customer-db"] = "2026-11-20";
  stage.provider.latest["order-db"] = "2026-11-18";
  const json::Value planned =
      answer(plan, R"({"databases": ["customer-db", "order-db", "product-db"]})");
  const json::Value items = planned["items"];
  EXPECT_EQ(items.elements()[0]["snapshot_date"], "2026-11-20");
  EXPECT_EQ(items.elements()[1]["snapshot_date"], "2026-11-18");
  // No snapshot: the restore of this one says so, without holding up the others.
  EXPECT_EQ(items.elements()[2]["snapshot_date"], "latest");
}

TEST_F(batch_verbs, a_plan_names_the_restore_machine_beside_the_one_that_asks) {
  EXPECT_EQ(answer(plan, R"({"databases": ["customer-db"]})")["restore_machine"],
            "arn:aws:states:eu-west-1:123456789012:stateMachine:restore");
}

TEST_F(batch_verbs, a_plan_refuses_what_is_wrong_before_anything_is_started) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({})", "databases is empty"},
      {R"({"databases": []})", "databases is empty"},
      {R"({"databases": " , "})", "databases is empty"},
      {R"({"databases": 3})", "databases is neither"},
      {R"({"databases": [3]})", "neither a name nor an object"},
      {R"({"databases": ["nowhere-db"]})", "no cluster \"nowhere-db\""},
      {R"({"databases": ["../etc"]})", "cluster name \"../etc\""},
      {R"({"databases": ["customer-db", "customer-db"]})", "twice"},
      {R"({"databases": ["customer-db"], "concurrency": 0})", "from 1 to 10"},
      {R"({"databases": ["customer-db"], "concurrency": 11})", "from 1 to 10"},
      {R"({"databases": ["customer-db"], "concurrency": 2.5})", "concurrency"},
      {R"({"databases": ["customer-db"], "snapshot_date": "yesterday"})", "neither YYYY-MM-DD"},
      {R"({"databases": ["customer-db"], "snapshot_date": "2026-02-30"})", "neither YYYY-MM-DD"},
      {R"({"databases": [{"cluster_name": "customer-db", "snapshot_date": ""}]})", "neither"},
      {R"({"databases": ["customer-db"], "target_region": "mars-1"})",
       "no region \"mars-1\"; hint: The configuration has us-east-1"},
      {R"({"databases": ["customer-db"], "stagger_seconds": -1})", "stagger_seconds"},
      {R"({"databases": ["customer-db"], "tries": 0})", "tries"},
      {R"({"databases": ["customer-db"], "on_failure": "shrug"})", "on_failure"},
      {R"({"databases": [{"cluster_name": "customer-db", "priority": 0}]})", "priority"},
  };
  for (const auto& [event, message] : cases) EXPECT_THAT(refusal(event), HasSubstr(message));
}

TEST_F(batch_verbs, a_plan_goes_beyond_ten_at_once_only_where_that_is_asked_for_by_name) {
  const json::Value planned =
      answer(plan, R"({"databases": ["customer-db"], "concurrency": 20, "limit_override": 20})");
  EXPECT_EQ(planned["concurrency"], 20);
}

TEST_F(batch_verbs, names_of_executions_stay_apart_and_within_eighty_characters) {
  const std::string id(70, 'b');
  const json::Value planned = answer(plan, concat(R"({"batch_id": ")", id, R"(", "databases": [
        {"cluster_name": "customer-db", "target_region": "us-east-1"},
        {"cluster_name": "customer-db", "target_region": "us-west-2"}, "order-db"]})"));
  std::set<std::string> prefixes;
  const json::Value items = planned["items"];
  for (const json::Value& item : items.elements()) {
    prefixes.insert(*item.string_at("execution_prefix"));
    EXPECT_LE(item.string_at("execution_prefix")->size(), 76u);
  }
  EXPECT_EQ(prefixes.size(), 3u);
}

TEST_F(batch_verbs, a_plan_asked_again_by_its_execution_is_the_same_and_another_is_refused) {
  const char* event = R"({"batch_id": "b1", "databases": ["customer-db"]})";
  const json::Value first = *ask(plan, event, "one");
  stage.provider.latest["customer-db"] = "2026-11-20";  // a new snapshot must not change the plan
  EXPECT_EQ(*ask(plan, event, "one"), first);
  const auto other = ask(plan, event, "two");
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code(), ErrorCode::already_exists);
}

TEST_F(batch_verbs, turns_are_staggered_and_none_waits_after_the_last) {
  plan_three(R"(, "stagger_seconds": 120)");
  const Instant start = stage.clock.now();
  EXPECT_EQ(turn_of(0)["start_at"], format_instant(start));
  EXPECT_EQ(turn_of(0)["ready"], true);
  EXPECT_EQ(turn_of(1)["start_at"], format_instant(start + seconds(120)));
  EXPECT_EQ(turn_of(1)["ready"], false);
  stage.clock.advance(seconds(1000));
  EXPECT_EQ(turn_of(1)["ready"], true);
  // Long after the last start there is nothing to wait for.
  EXPECT_EQ(turn_of(2)["start_at"], format_instant(stage.clock.now()));
}

TEST_F(batch_verbs, a_turn_is_the_same_when_it_is_asked_for_again_after_a_restart) {
  plan_three(R"(, "stagger_seconds": 60)");
  const json::Value first = turn_of(0);
  const json::Value second = turn_of(1);
  stage.clock.advance(seconds(5));
  Batches reopened(stage.settings);
  EXPECT_EQ(entry(*reopened.read("nightly"), "turns", 1)["start_at"], second["start_at"]);
  EXPECT_EQ(turn_of(0)["start_at"], first["start_at"]);
  EXPECT_EQ(turn_of(1)["start_at"], second["start_at"]);
}

TEST_F(batch_verbs, with_the_policy_stop_nothing_starts_after_a_failure) {
  plan_three(R"(, "on_failure": "stop", "concurrency": 1)");
  turn_of(0);
  record_row(0, "FAILED");
  EXPECT_EQ(turn_of(1)["skip"], true);
  record_row(1, "SKIPPED");
  record_row(2, "SKIPPED");
  const json::Value summed = answer(report, R"({"batch_id": "nightly"})");
  EXPECT_EQ(summed["message"],
            "0/3 restored; failed: customer-db; not started: product-db, order-db");
  EXPECT_EQ(summed["all_restored"], false);
}

TEST_F(batch_verbs, with_the_policy_continue_the_others_go_on) {
  plan_three();
  record_row(0, "FAILED");
  EXPECT_EQ(turn_of(1)["skip"], false);
}

std::string verdict_event(std::string_view error, std::string_view cause, int attempt) {
  std::string text = concat(R"({"batch_id": "nightly", "index": 0, "attempt": )", attempt,
                            R"(, "error": ")", error, R"(", "cause": )");
  json::append_string(text, cause);
  return text + "}";
}
std::string child(std::string_view status, std::string_view error, std::string_view cause) {
  return json::write(json::Value::object(
      {{"ExecutionArn", "arn:…"}, {"Status", status}, {"Error", error}, {"Cause", cause}}));
}

TEST_F(batch_verbs, a_transient_failure_is_tried_again_until_the_tries_are_used_up) {
  plan_three(R"(, "tries": 3)");
  const std::string cause = child("FAILED", "Restore.Unavailable", "the server did not answer");
  for (int attempt : {1, 2, 3}) {
    const json::Value verdict =
        answer(classify, verdict_event("States.TaskFailed", cause, attempt));
    EXPECT_EQ(verdict["retry"], attempt < 3) << attempt;
    EXPECT_EQ(verdict["next_attempt"], attempt + 1);
    EXPECT_EQ(verdict["error"], "Restore.Unavailable");
    EXPECT_EQ(verdict["cause"], "the server did not answer");
  }
}

TEST_F(batch_verbs, a_row_that_waits_for_its_next_try_says_why_the_last_one_failed) {
  plan_three();
  turn_of(0);
  const auto classified = [&](int attempt, const char* error) {
    return answer(classify, concat(R"({"batch_id": "nightly", "index": 0, "attempt": )", attempt,
                                   R"(, "error": ")", error, R"(", "cause": "no answer"})"));
  };
  EXPECT_EQ(classified(1, "Restore.Unavailable")["retry"], true);
  const auto row = [&] {
    return answer(report, R"({"batch_id": "nightly"})")["results"].elements()[0];
  };
  EXPECT_EQ(row()["status"], "RUNNING");
  EXPECT_EQ(row()["attempts"], 2);
  EXPECT_EQ(row()["last_error"], "Restore.Unavailable");
  EXPECT_EQ(row()["last_cause"], "no answer");
  record_row(0, "SUCCEEDED", 2);
  EXPECT_TRUE(row()["last_error"].is_null());
}

TEST_F(batch_verbs, a_permanent_failure_is_not_tried_again) {
  plan_three();
  for (const char* error : {"Restore.SnapshotNotFound", "Restore.Corrupt", "Restore.TargetBusy",
                            "Restore.VerificationFailed", "Restore.Failed"}) {
    const json::Value verdict =
        answer(classify, verdict_event("States.TaskFailed", child("FAILED", error, "c"), 1));
    EXPECT_EQ(verdict["retry"], false) << error;
    EXPECT_EQ(verdict["error"], error);
  }
}

TEST_F(batch_verbs, nothing_is_tried_again_once_the_batch_has_stopped) {
  plan_three(R"(, "on_failure": "stop")");
  record_row(1, "FAILED");
  EXPECT_EQ(answer(classify, verdict_event("Restore.Unavailable", "c", 1))["retry"], false);
}

TEST_F(batch_verbs, each_row_names_its_own_database_and_a_repeated_record_changes_nothing) {
  plan_three();
  for (int index : {0, 1, 2}) turn_of(index);
  stage.clock.advance(seconds(30));
  record_row(2, "SUCCEEDED");
  stage.clock.advance(seconds(30));
  record_row(0, "SUCCEEDED", 2);
  const json::Value row = record_row(1, "FAILED", 3);
  stage.clock.advance(seconds(30));
  EXPECT_EQ(record_row(1, "FAILED", 3), row);

  const json::Value summed = answer(report, R"({"batch_id": "nightly"})");
  const json::Value rows = summed["results"];
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows.elements()[0]["database"], "customer-db");
  EXPECT_EQ(rows.elements()[0]["operation_id"], "op-0");
  EXPECT_EQ(rows.elements()[0]["attempts"], 2);
  EXPECT_EQ(rows.elements()[1]["database"], "product-db");
  EXPECT_EQ(rows.elements()[1]["status"], "FAILED");
  EXPECT_EQ(rows.elements()[2]["database"], "order-db");
  EXPECT_EQ(rows.elements()[2]["seconds"], 30.0);
  EXPECT_EQ(summed["message"], "2/3 restored; failed: product-db");
  EXPECT_EQ(summed["durations"]["average"], 45.0);
  EXPECT_EQ(summed["durations"]["maximum"], 60.0);
  EXPECT_EQ(summed["durations"]["minimum"], 30.0);
}

TEST_F(batch_verbs, a_second_batch_of_what_failed_has_exactly_that_with_the_same_dates) {
  stage.provider.latest["order-db"] = "2026-11-18";
  plan_three(R"(, "target_region": "us-west-2", "concurrency": 2)");
  record_row(0, "SUCCEEDED");
  EXPECT_FALSE(ask(failed, R"({"batch_id": "nightly"})").has_value());
  record_row(1, "SUCCEEDED");
  record_row(2, "FAILED");
  stage.provider.latest["order-db"] = "2026-11-19";
  const json::Value again = answer(failed, R"({"batch_id": "nightly"})");
  ASSERT_EQ(again["databases"].size(), 1u);
  const json::Value database = again["databases"].elements()[0];
  EXPECT_EQ(database["cluster_name"], "order-db");
  EXPECT_EQ(database["snapshot_date"], "2026-11-18");
  EXPECT_EQ(database["target_region"], "us-west-2");
  EXPECT_EQ(again["concurrency"], 2);
  EXPECT_TRUE(parse_request(again, stage.settings).has_value());
}

TEST_F(batch_verbs, what_a_stopped_batch_has_not_done_can_be_run_again) {
  plan_three();
  turn_of(0);
  record_row(0, "SUCCEEDED");
  turn_of(1);
  const char* event = R"({"batch_id": "nightly"})";
  is_running = [](const std::string&) { return true; };
  EXPECT_EQ(ask(failed, event).error().code(), ErrorCode::conflict);
  is_running = [](const std::string&) { return false; };
  EXPECT_EQ(answer(failed, event)["databases"].size(), 2u);
  EXPECT_EQ(answer(report, event)["message"],
            "1/3 restored; stopped: product-db; not started: order-db");
}

TEST_F(batch_verbs, an_unknown_batch_or_item_is_refused) {
  EXPECT_EQ(ask(report, R"({"batch_id": "none"})").error().code(), ErrorCode::not_found);
  EXPECT_EQ(ask(report, R"({"batch_id": "../x"})").error().code(), ErrorCode::invalid_argument);
  plan_three();
  EXPECT_EQ(ask(turn, R"({"batch_id": "nightly", "index": 3})").error().code(),
            ErrorCode::invalid_argument);
}

TEST(transient, a_child_that_was_stopped_is_left_alone_and_one_that_timed_out_is_not) {
  EXPECT_FALSE(is_transient(reason_of({"States.TaskFailed", child("ABORTED", "x", "")})));
  EXPECT_TRUE(is_transient(reason_of({"States.TaskFailed", child("TIMED_OUT", "", "")})));
}

TEST(transient, throttling_by_any_of_its_names_passes) {
  for (const char* error : {"Throttling", "ThrottlingException", "TooManyRequestsException",
                            "Lambda.TooManyRequestsException"}) {
    EXPECT_TRUE(is_transient(reason_of({error, "slow down"}))) << error;
  }
}

TEST(transient, a_cause_that_is_text_is_kept_as_it_is) {
  const Reason reason = reason_of({"Restore.Corrupt", R"({"not": "a description"})"});
  EXPECT_EQ(reason.failure.error, "Restore.Corrupt");
  EXPECT_EQ(reason.failure.cause, R"({"not": "a description"})");
}

TEST(transient, waiting_doubles_up_to_a_minute_and_is_the_same_when_asked_again) {
  Duration before{0};
  for (int64_t attempt = 1; attempt <= 9; ++attempt) {
    const Duration wait = backoff(seconds(5), attempt, "nightly/3");
    EXPECT_EQ(wait, backoff(seconds(5), attempt, "nightly/3"));
    EXPECT_LE(wait, seconds(60));
    EXPECT_GE(wait, std::min<Duration>(seconds(5) * (1 << (attempt - 1)), seconds(60)) * 3 / 4);
    EXPECT_TRUE(attempt >= 5 || wait > before);
    before = wait;
  }
  EXPECT_NE(backoff(seconds(5), 1, "nightly/3"), backoff(seconds(5), 1, "nightly/4"));
}

}  // namespace
}  // namespace pawl::restore::batch
