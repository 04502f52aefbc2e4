#include <gmock/gmock.h>

#include "sim/server.h"

namespace pawl::engine {
namespace {

constexpr const char* from_bucket_to_bucket = R"({"StartAt": "M", "States": {"M": {"Type": "Map",
  "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"},
    "Parameters": {"Bucket": "in", "Key": "k"}},
  "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out"}},
  "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}, "End": true}}})";

std::string only_task(sim::Server& server) {
  EXPECT_EQ(server.runner.running().size(), 1u);
  return server.runner.running().empty() ? "" : server.runner.running().begin()->first;
}

TEST(map_run, asks_again_after_a_crash_and_under_the_same_ids) {
  sim::Server server;
  server.create_machine("m", from_bucket_to_bucket).value();
  const std::string arn = server.start("m").value().execution_arn;
  server.settle();
  const std::string reading = only_task(server);
  server.crash();
  server.settle();
  EXPECT_EQ(only_task(server), reading);
  server.runner.succeed(reading, json::Value::array({1, 2}));
  server.settle();

  const std::string writing = only_task(server);
  EXPECT_NE(writing, reading);
  server.crash();
  server.settle();
  EXPECT_EQ(only_task(server), writing);
  server.runner.succeed(writing, json::Value::object({{"Bucket", "out"}}));
  server.settle();
  EXPECT_EQ(server.execution(arn).status, "SUCCEEDED");
}

TEST(map_run, is_found_by_its_name_with_its_children) {
  sim::Server server;
  server.create_machine("m", from_bucket_to_bucket).value();
  const std::string arn = server.start("m").value().execution_arn;
  server.settle();
  server.runner.succeed(only_task(server), json::Value::array({1, 2}));
  server.settle();

  const auto runs = server.engine().map_runs(arn).value();
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(server.engine().map_run(runs[0].arn).value().execution.arn, arn);
  const std::string child = execution::child_arn({runs[0].arn, 1});
  EXPECT_EQ(server.execution(child).status, "SUCCEEDED");
  EXPECT_EQ(server.execution(child).input, "2");
  EXPECT_EQ(server.engine().history(child).value().size(), 4u);
  EXPECT_TRUE(server.engine().map_runs(child).value().empty());
  EXPECT_FALSE(server.engine().execution(execution::child_arn({runs[0].arn, 2})).has_value());
  EXPECT_FALSE(server.stop(child).has_value());
}

TEST(map_run, is_changed_only_while_it_runs) {
  sim::Server server;
  server.create_machine("m", from_bucket_to_bucket).value();
  const std::string arn = server.start("m").value().execution_arn;
  server.settle();
  const std::string run = server.engine().map_runs(arn).value().front().arn;
  const auto named = json::Value::object({{"MaxConcurrency", 1}});
  EXPECT_TRUE(server.ask(ChangeMapRun{run, named}).has_value());
  server.crash();
  EXPECT_EQ(server.engine().map_run(run).value().run.concurrency_max, 1);
  server.stop(arn).value();
  EXPECT_THAT(server.ask(ChangeMapRun{run, named}).error().message(),
              ::testing::StartsWith("ValidationException"));
  EXPECT_THAT(server.ask(ChangeMapRun{"arn:none", named}).error().message(),
              ::testing::StartsWith("ResourceNotFound"));
}

}  // namespace
}  // namespace pawl::engine
