#include "cli/watch/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>

#include "base/text.h"
#include "cli/watch/absence.h"
#include "cli/watch/follower.h"
#include "cli/watch/monitor.h"
#include "http/server.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::cli {
namespace {

using json::Value;

constexpr const char* batch_arn =
    "arn:aws:states:us-east-1:000000000000:execution:restore-batch:b1";
constexpr const char* child_arn = "arn:aws:states:us-east-1:000000000000:execution:restore:b1-c-1";

// A server with canned answers, by target or function, and where given by execution.
class CannedServer {
 public:
  CannedServer() {
    auto server = http::Server::start(
        {}, [this](http::Request request, http::Responder respond) { respond(answer(request)); });
    EXPECT_TRUE(server) << server.error().text();
    server_ = *std::move(server);
  }

  void set(const std::string& key, const Value& answer) {
    const std::lock_guard lock(mutex_);
    answers_[key] = json::write(answer);
  }
  int calls(const std::string& key) {
    const std::lock_guard lock(mutex_);
    return calls_[key];
  }
  std::string url() const { return concat("http://127.0.0.1:", server_->port()); }

 private:
  http::Response answer(const http::Request& request) {
    std::string key(request.header("X-Amz-Target"));
    key = key.substr(key.find('.') + 1);
    if (key.empty()) key = std::string(split(request.path, '/')[3]);
    const std::lock_guard lock(mutex_);
    ++calls_[key];
    for (const auto& [name, text] : answers_) {
      const size_t at = name.find(' ');
      if (at == name.npos || name.substr(0, at) != key) continue;
      if (request.body.find(name.substr(at + 1)) != request.body.npos) {
        return {.status = 200, .headers = {}, .body = text};
      }
    }
    if (answers_.contains(key)) return {.status = 200, .headers = {}, .body = answers_[key]};
    return {.status = 400,
            .headers = {},
            .body = R"({"__type": "ExecutionDoesNotExist", "message": "not there"})"};
  }

  std::mutex mutex_;
  std::map<std::string, std::string> answers_;
  std::map<std::string, int> calls_;
  std::unique_ptr<http::Server> server_;
};

Value execution(const std::string& arn, const std::string& status, const char* input) {
  auto value = Value::object({{"executionArn", arn},
                              {"name", arn.substr(arn.rfind(':') + 1)},
                              {"status", status},
                              {"startDate", 1795227484.0},
                              {"input", input}});
  return status == "RUNNING" ? value : value.with("stopDate", 1795227496.0);
}

Value activities(Value::Array list) {
  return Value::object({{"activities", Value(std::move(list))}});
}

Value copying(int64_t done) {
  return Value::object(
      {{"state", "WaitForCopy"},
       {"type", "Task"},
       {"since", 1795227484.0},
       {"resource", "arn:aws:lambda:us-east-1:0:function:aurora-restore-check-copy-status"},
       {"progress", Value::object({{"done", done}, {"total", 1000}, {"unit", "bytes"}})}});
}

Value result(const char* database, const char* status) {
  return Value::object({{"database", database},
                        {"cluster_name", database},
                        {"target_cluster", database},
                        {"status", status},
                        {"seconds", 12.5}});
}

// What a verb writes, kept.
struct Captured {
  Captured() : err(tmpfile()), terminal({.out = tmpfile(), .err = err}) {}
  static std::string text(FILE* stream) {
    std::string all(static_cast<size_t>(ftell(stream)), '\0');
    rewind(stream);
    EXPECT_EQ(fread(all.data(), 1, all.size(), stream), all.size());
    return all;
  }
  FILE* err;
  Terminal terminal;
};

const Instant start = *parse_instant("2026-11-21T02:18:04Z");

TEST(follower, shows_a_line_for_every_database_of_a_batch_and_what_its_execution_does) {
  CannedServer server;
  server.set(
      "DescribeExecution restore-batch",
      execution(batch_arn, "RUNNING", R"({"batch_id": "b1", "databases": ["c", "p", "o"]})"));
  server.set("DescribeExecution restore:b1",
             execution(child_arn, "RUNNING", R"({"cluster_name": "c"})"));
  server.set("DescribeActivities restore-batch",
             activities({Value::object({{"state", "Restore"}, {"childExecutionArn", child_arn}})}));
  server.set("DescribeActivities restore:b1", activities({copying(100)}));
  server.set(
      "pawl-batch-report",
      Value::object({{"results", Value::array({result("c", "RUNNING"), result("p", "PENDING"),
                                               result("o", "SUCCEEDED")})}}));
  const Client client(server.url());
  Follower follower(client, batch_arn);
  ASSERT_TRUE(follower.look(start));
  server.set("DescribeActivities restore:b1", activities({copying(300)}));
  ASSERT_TRUE(follower.look(start + seconds(1)));
  const auto& rows = follower.picture().rows;
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].name, "c");
  EXPECT_EQ(rows[0].phase, "copying");
  EXPECT_EQ(rows[0].amount->done, 300u);
  EXPECT_EQ(rows[0].meter.rate(), 200.0);
  EXPECT_EQ(rows[1].phase, "waiting");
  EXPECT_EQ(rows[2].phase, "restored");
  EXPECT_EQ(rows[2].took, milliseconds(12500));
  // The batch twice, its child once: an input never changes.
  EXPECT_EQ(server.calls("DescribeExecution"), 3);
}

TEST(follower, goes_on_saying_what_was_done_last_until_the_batch_has_the_result) {
  CannedServer server;
  server.set("DescribeExecution restore-batch",
             execution(batch_arn, "RUNNING", R"({"batch_id": "b1", "databases": ["c"]})"));
  server.set("DescribeExecution restore:b1",
             execution(child_arn, "RUNNING", R"({"cluster_name": "c"})"));
  server.set("DescribeActivities restore-batch",
             activities({Value::object({{"state", "Restore"}, {"childExecutionArn", child_arn}})}));
  server.set("DescribeActivities restore:b1", activities({copying(100)}));
  server.set("pawl-batch-report",
             Value::object({{"results", Value::array({result("c", "RUNNING")})}}));
  const Client client(server.url());
  Follower follower(client, batch_arn);
  ASSERT_TRUE(follower.look(start));
  server.set("DescribeActivities restore-batch", activities({}));
  ASSERT_TRUE(follower.look(start + seconds(1)));
  EXPECT_EQ(follower.picture().rows.at(0).phase, "copying");
  EXPECT_EQ(follower.picture().rows.at(0).state, RowState::running);

  server.set("DescribeActivities restore-batch",
             activities({Value::object({{"state", "Backoff"},
                                        {"type", "Wait"},
                                        {"iteration", Value::array({0})},
                                        {"due", 1795227504.0}})}));
  ASSERT_TRUE(follower.look(start + seconds(2)));
  EXPECT_EQ(follower.picture().rows.at(0).phase, "waiting");
}

TEST(follower, shows_one_line_for_a_single_restore_and_how_it_ended) {
  CannedServer server;
  server.set("DescribeExecution", execution(child_arn, "RUNNING", R"({"cluster_name": "c"})"));
  server.set("DescribeActivities", activities({copying(1)}));
  const Client client(server.url());
  Follower follower(client, child_arn);
  ASSERT_TRUE(follower.look(start));
  EXPECT_EQ(follower.picture().rows.at(0).phase, "copying");
  server.set("DescribeExecution", execution(child_arn, "SUCCEEDED", R"({"cluster_name": "c"})"));
  ASSERT_TRUE(follower.look(start));
  EXPECT_EQ(follower.picture().rows.at(0).phase, "restored");
  EXPECT_EQ(follower.picture().rows.at(0).took, seconds(12));
}

Value event(int id, int before, const char* type) {
  return Value::object({{"id", id}, {"previousEventId", before}, {"type", type}});
}

TEST(follower, says_why_a_step_is_tried_again_also_while_another_has_the_line) {
  CannedServer server;
  server.set("DescribeExecution", execution(child_arn, "RUNNING", R"({"cluster_name": "c"})"));
  const Value preparing = Value::object(
      {{"state", "PrepareTarget"},
       {"type", "Task"},
       {"since", 1795227484.0},
       {"attempt", 2},
       {"due", 1795227492.0},
       {"resource", "arn:aws:lambda:us-east-1:0:function:aurora-restore-prepare-target"}});
  server.set("DescribeActivities", activities({copying(100), preparing}));
  const Value entered =
      event(5, 1, "TaskStateEntered")
          .with("stateEnteredEventDetails", Value::object({{"name", "PrepareTarget"}}));
  const auto failure = [](int id, int before, const char* error) {
    return event(id, before, "LambdaFunctionFailed")
        .with("lambdaFunctionFailedEventDetails",
              Value::object({{"error", error}, {"cause", "why"}}));
  };
  server.set(
      "GetExecutionHistory",
      Value::object({{"events", Value::array({failure(9, 2, "Of.Another"),
                                              failure(8, 7, "Restore.Unavailable"),
                                              event(7, 5, "LambdaFunctionScheduled"), entered})}}));
  const Client client(server.url());
  Follower follower(client, child_arn);
  ASSERT_TRUE(follower.look(start));
  ASSERT_TRUE(follower.look(start));
  EXPECT_EQ(server.calls("GetExecutionHistory"), 1);
  const Picture& picture = follower.picture();
  EXPECT_EQ(picture.rows.at(0).phase, "copying");
  const char* expected =
      "preparing failed 2 times: Restore.Unavailable: why; trying again in 8.0 s";
  EXPECT_THAT(draw(picture, Terminal({.has_unicode = false}), start),
              testing::Contains(concat("    ", expected)));
  EXPECT_THAT(changes({}, picture, start), testing::Contains(concat("  c  ", expected)));
  EXPECT_THAT(changes(picture, picture, start), testing::IsEmpty());
}

TEST(follower, says_why_a_database_of_a_batch_waits_for_its_next_try) {
  CannedServer server;
  server.set("DescribeExecution",
             execution(batch_arn, "RUNNING", R"({"batch_id": "b1", "databases": ["c"]})"));
  server.set("DescribeActivities", activities({Value::object({{"state", "Backoff"},
                                                              {"type", "Wait"},
                                                              {"iteration", Value::array({0})},
                                                              {"due", 1795227504.0}})}));
  server.set("pawl-batch-report",
             Value::object({{"results", Value::array({result("c", "RUNNING")
                                                          .with("attempts", 2)
                                                          .with("last_error", "Restore.Unavailable")
                                                          .with("last_cause", "no answer")})}}));
  const Client client(server.url());
  Follower follower(client, batch_arn);
  ASSERT_TRUE(follower.look(start));
  EXPECT_THAT(draw(follower.picture(), Terminal({.has_unicode = false}), start),
              testing::Contains("    restore failed: Restore.Unavailable: no answer; trying again "
                                "in 20.0 s"));
}

TEST(watch, prints_a_line_for_every_change_where_nobody_looks) {
  CannedServer server;
  server.set("DescribeExecution", execution(child_arn, "SUCCEEDED", R"({"cluster_name": "c"})"));
  const Captured captured;
  const Client client(server.url());
  const Session session{captured.terminal, client, {}};
  const auto watched = watch_to_end(session, child_arn, {});
  ASSERT_TRUE(watched) << watched.error().text();
  EXPECT_EQ(conclude_watch(session, *watched), exit_done);
  EXPECT_EQ(Captured::text(captured.terminal.out()),
            "b1-c-1  SUCCEEDED\n  c  restored in 12.0 s\nb1-c-1  SUCCEEDED  12.0 s\n");
}

TEST(watch, a_failure_says_where_why_and_what_to_do_next) {
  CannedServer server;
  server.set("DescribeExecution", execution(child_arn, "FAILED", R"({"cluster_name": "c"})")
                                      .with("error", "Restore.Corrupt")
                                      .with("cause", "base/1 differs"));
  server.set(
      "GetExecutionHistory",
      Value::object(
          {{"events", Value::array({Value::object({{"type", "TaskStateEntered"},
                                                   {"stateEnteredEventDetails",
                                                    Value::object({{"name", "Verify"}})}})})}}));
  const Captured captured;
  const Client client(server.url());
  const Session session{captured.terminal, client, {}};
  const auto watched = watch_to_end(session, child_arn, {.is_silent = true});
  ASSERT_TRUE(watched);
  EXPECT_EQ(conclude_watch(session, *watched), exit_failed);
  EXPECT_EQ(Captured::text(captured.terminal.out()), "");
  EXPECT_THAT(Captured::text(captured.err),
              testing::HasSubstr(concat("\n  pawl execution redrive ", child_arn, "\n")));
}

TEST(watch, is_silent_where_quiet_was_asked_for) {
  CannedServer server;
  server.set("DescribeExecution", execution(child_arn, "SUCCEEDED", R"({"cluster_name": "c"})"));
  const Captured captured;
  const Client client(server.url());
  const Session session{captured.terminal, client, {.is_quiet = true}};
  const auto watched = watch_to_end(session, child_arn, {});
  ASSERT_TRUE(watched);
  EXPECT_EQ(conclude_watch(session, *watched), exit_done);
  EXPECT_EQ(Captured::text(captured.terminal.out()), "");
  EXPECT_EQ(Captured::text(captured.err), "");
}

TEST(watch, stops_after_its_time_and_leaves_the_execution_running) {
  CannedServer server;
  server.set("DescribeExecution", execution(child_arn, "RUNNING", "{}"));
  server.set("DescribeActivities", activities({}));
  const Captured captured;
  const Client client(server.url());
  const Session session{captured.terminal, client, {}};
  const auto watched = watch_to_end(session, child_arn, {.timeout = Duration(0)});
  ASSERT_TRUE(watched);
  EXPECT_EQ(watched->end, WatchEnd::timed_out);
  EXPECT_EQ(conclude_watch(session, *watched), exit_timed_out);
}

TEST(watch, what_the_server_refuses_ends_it_at_once) {
  CannedServer server;
  const Captured captured;
  const Client client(server.url());
  const auto watched = watch_to_end({captured.terminal, client, {}}, child_arn, {});
  ASSERT_FALSE(watched);
  EXPECT_EQ(exit_code(watched.error().code()), 3);
}

TEST(absence, is_told_once_and_borne_until_the_limit) {
  const Client client("http://127.0.0.1:1");
  std::vector<std::string> said;
  Absence absence(client, hours(1), [&](std::string_view text) { said.emplace_back(text); });
  const Error gone(ErrorCode::unavailable, "gone");
  EXPECT_TRUE(absence.note(gone));
  EXPECT_TRUE(absence.note(gone));
  absence.end();
  EXPECT_THAT(said,
              testing::ElementsAre(testing::HasSubstr("does not answer"), "the server is back"));
  EXPECT_FALSE(absence.note(Error(ErrorCode::not_found, "other")));
  Absence impatient(client, Duration(0), [](std::string_view) {});
  EXPECT_EQ(impatient.note(gone).error().code(), ErrorCode::unavailable);
}

TEST(picture, a_block_has_a_header_and_lines_in_columns) {
  Picture picture;
  picture.name = "b1";
  picture.status = "RUNNING";
  picture.started = start;
  picture.rows.resize(2);
  picture.rows[0] = {.name = "customer-db", .phase = "copying", .state = RowState::running};
  picture.rows[0].amount = Amount{412'000'000, 731'000'000, "bytes"};
  picture.rows[1] = {.name = "o", .phase = "restored", .state = RowState::done};
  picture.rows[1].took = milliseconds(12400);
  const Terminal terminal({.has_unicode = false});
  EXPECT_THAT(draw(picture, terminal, start + seconds(5)),
              testing::ElementsAre("b1  RUNNING  5.0 s  done 1 run 1 fail 0 wait 0",
                                   "  customer-db  copying   #####-----  412 MB/731 MB",
                                   "  o            restored  in 12.4 s"));
}

Value entered(int64_t id, int64_t before, const char* type, const char* state) {
  return Value::object({{"id", id},
                        {"previousEventId", before},
                        {"type", type},
                        {"stateEnteredEventDetails", Value::object({{"name", state}})}});
}
Value task_failed(int64_t id, int64_t before) {
  return Value::object(
      {{"id", id},
       {"previousEventId", before},
       {"type", "LambdaFunctionFailed"},
       {"lambdaFunctionFailedEventDetails", Value::object({{"error", "Restore.Corrupt"}})}});
}
Value execution_failed(int64_t id) {
  return Value::object({{"id", id}, {"previousEventId", id - 1}, {"type", "ExecutionFailed"}});
}

// The newest event first.
Picture failed_execution(CannedServer& server, const char* machine, Value::Array events) {
  server.set("GetExecutionHistory", Value::object({{"events", std::move(events)}}));
  Picture picture;
  picture.arn = child_arn;
  picture.machine = machine;
  picture.name = "r";
  picture.status = "FAILED";
  picture.error = "Restore.Corrupt";
  picture.cause = "a bit is wrong";
  return picture;
}

// A restore whose first step failed, which was recorded and told of before the execution ended.
Picture failed_restore(CannedServer& server) {
  return failed_execution(
      server, "restore",
      {execution_failed(6), task_failed(5, 4), entered(4, 3, "TaskStateEntered", "Failed"),
       task_failed(3, 2), entered(2, 1, "TaskStateEntered", "CopySnapshot")});
}

std::string told_of(CannedServer& server, const Picture& picture) {
  const Captured captured;
  const Client client(server.url());
  EXPECT_EQ(conclude_watch({captured.terminal, client, {}}, {WatchEnd::ended, picture}),
            exit_failed);
  return Captured::text(captured.err);
}

TEST(watch, names_the_state_that_failed_last_whatever_was_caught_before) {
  CannedServer server;
  EXPECT_THAT(told_of(server, failed_execution(
                                  server, "own",
                                  {execution_failed(6), task_failed(5, 4),
                                   entered(4, 3, "TaskStateEntered", "Last"), task_failed(3, 2),
                                   entered(2, 1, "TaskStateEntered", "First")})),
              testing::HasSubstr("r failed in state Last: Restore.Corrupt\n"));
}

TEST(watch, names_the_state_whose_error_a_fail_state_passes_on) {
  CannedServer server;
  EXPECT_THAT(told_of(server, failed_execution(
                                  server, "own",
                                  {execution_failed(5), entered(4, 3, "FailStateEntered", "GiveUp"),
                                   task_failed(3, 2), entered(2, 1, "TaskStateEntered", "First")})),
              testing::HasSubstr("r failed in state First: Restore.Corrupt\n"));
}

TEST(watch, names_a_fail_state_with_an_error_of_its_own) {
  CannedServer server;
  EXPECT_THAT(told_of(server, failed_execution(
                                  server, "own",
                                  {execution_failed(4), entered(3, 2, "FailStateEntered", "GiveUp"),
                                   entered(2, 1, "TaskStateEntered", "First")})),
              testing::HasSubstr("r failed in state GiveUp: Restore.Corrupt\n"));
}

TEST(watch, names_the_state_that_failed_not_the_one_that_told_of_it) {
  CannedServer server;
  const Watched watched{WatchEnd::ended, failed_restore(server)};
  const Captured captured;
  const Client client(server.url());
  EXPECT_EQ(conclude_watch({captured.terminal, client, {}}, watched), exit_failed);
  EXPECT_THAT(Captured::text(captured.err),
              testing::HasSubstr("r failed in state CopySnapshot: Restore.Corrupt\n"));
}

TEST(watch, tells_a_failure_as_one_object_where_json_is_asked_for) {
  CannedServer server;
  const Watched watched{WatchEnd::ended, failed_restore(server)};
  const Captured captured;
  const Client client(server.url());
  EXPECT_EQ(conclude_watch({captured.terminal, client, {.format = Format::json}}, watched),
            exit_failed);
  const auto told = json::parse(Captured::text(captured.err));
  ASSERT_TRUE(told);
  EXPECT_EQ((*told)["error"]["state"], "CopySnapshot");
  EXPECT_EQ((*told)["error"]["message"], "a bit is wrong");
}

TEST(follower, counts_the_time_since_a_redrive) {
  CannedServer server;
  server.set("DescribeExecution", execution(child_arn, "SUCCEEDED", R"({"cluster_name": "c"})")
                                      .with("redriveDate", 1795227490.0));
  const Client client(server.url());
  Follower follower(client, child_arn);
  ASSERT_TRUE(follower.look(start));
  EXPECT_EQ(follower.picture().rows[0].took, seconds(6));
}

TEST(monitor, shows_counts_durations_and_the_newest_first) {
  CannedServer server;
  const auto entry = [](const char* name, const char* status, double started, double took) {
    auto value = Value::object({{"executionArn", concat("arn:x:execution:restore:", name)},
                                {"name", name},
                                {"status", status},
                                {"startDate", started}});
    return took > 0 ? value.with("stopDate", started + took) : value;
  };
  MonitorLook look;
  look.machine_arn = "arn:x:stateMachine:restore";
  look.at = start;
  look.executions = {entry("e3", "RUNNING", 1795227300, 0).with("database", "order-db"),
                     entry("e2", "SUCCEEDED", 1795227200, 90).with("database", "product-db"),
                     entry("e1", "SUCCEEDED", 1795227100, 30).with("database", "customer-db")};
  const Captured captured;
  const Client client(server.url());
  const Session session{captured.terminal, client, {.is_utc = true}};
  const std::string text = render(look, {}, session);
  EXPECT_THAT(text, testing::HasSubstr("Batch operations  2026-11-21 02:18:04 UTC\n"));
  EXPECT_THAT(text, testing::HasSubstr("Window: last 24 hours\n"));
  EXPECT_THAT(text, testing::HasSubstr("Status: RUNNING 1  SUCCEEDED 2\n"));
  EXPECT_THAT(text, testing::HasSubstr("average 1.00  maximum 1.50  minimum 0.50\n"));
  EXPECT_THAT(text, testing::HasSubstr("order-db     RUNNING    2026-11-21 02:15:00 UTC  e3\n"
                                       "product-db "));
  look.executions.clear();
  EXPECT_THAT(render(look, {}, session), testing::HasSubstr("No executions found"));
}

TEST(monitor, asks_for_the_names_of_all_databases_with_one_call) {
  CannedServer server;
  server.set("ListStateMachines",
             Value::object({{"stateMachines",
                             Value::array({Value::object(
                                 {{"name", "restore"}, {"stateMachineArn", "arn:x:restore"}})})}}));
  Value::Array executions, operations;
  const double now =
      epoch_seconds(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));
  for (int number = 0; number < 50; ++number) {
    const std::string name = concat("e", number);
    executions.push_back(Value::object({{"executionArn", name},
                                        {"name", name},
                                        {"status", "RUNNING"},
                                        {"startDate", now - number}}));
    operations.push_back(
        Value::object({{"operation_id", name}, {"cluster_name", concat("db-", number)}}));
  }
  server.set("ListExecutions", Value::object({{"executions", Value(executions)}}));
  server.set("pawl-restore-list", Value::object({{"operations", Value(operations)}}));
  const Captured captured;
  const Client client(server.url());
  const auto code = monitor({captured.terminal, client, {}}, {.is_once = true});
  ASSERT_TRUE(code) << code.error().text();
  EXPECT_THAT(Captured::text(captured.terminal.out()), testing::HasSubstr("db-49"));
  EXPECT_EQ(server.calls("pawl-restore-list"), 1);
  EXPECT_EQ(server.calls("DescribeExecution"), 0);
}

TEST(monitor, shows_the_executions_of_all_machines_unless_one_is_named) {
  CannedServer server;
  const auto machine = [](const char* name) {
    return Value::object({{"name", name}, {"stateMachineArn", concat("arn:x:", name)}});
  };
  server.set("ListStateMachines", Value::object({{"stateMachines", Value::array({
                                                                       machine("orders"),
                                                                       machine("restore"),
                                                                   })}}));
  const double now =
      epoch_seconds(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));
  const auto executions = [](double started) {
    return Value::object({{"executions", Value::array({Value::object({{"executionArn", "arn:e"},
                                                                      {"name", "nightly"},
                                                                      {"status", "RUNNING"},
                                                                      {"startDate", started}})})}});
  };
  server.set("ListExecutions arn:x:orders", executions(now - 2));
  server.set("ListExecutions arn:x:restore", executions(now - 1));
  server.set("DescribeExecution", Value::object({{"input", "{}"}}));
  server.set("pawl-restore-list",
             Value::object({{"operations",
                             Value::array({Value::object({{"operation_id", "nightly"},
                                                          {"cluster_name", "customer-db"}})})}}));
  const auto shown = [&](const std::string& of) {
    const Captured captured;
    const Client client(server.url());
    const auto code = monitor({captured.terminal, client, {}}, {.machine = of, .is_once = true});
    EXPECT_TRUE(code) << code.error().text();
    return Captured::text(captured.terminal.out());
  };
  EXPECT_THAT(shown(""), testing::ContainsRegex("customer-db +RUNNING .* restore/nightly\n"
                                                "N/A +RUNNING .* orders/nightly\n"));
  EXPECT_THAT(shown("restore"), testing::AllOf(testing::HasSubstr("State machine: arn:x:restore\n"),
                                               testing::HasSubstr("customer-db"),
                                               testing::Not(testing::HasSubstr("N/A"))));
}

}  // namespace
}  // namespace pawl::cli
