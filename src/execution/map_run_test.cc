#include "execution/map_run.h"

#include <gmock/gmock.h>

#include "execution/map_run_list.h"
#include "execution/rehearsal.h"

namespace pawl::execution {
namespace {

constexpr const char* two_at_a_time = R"({"StartAt": "M", "States": {"M": {"Type": "Map",
  "Label": "sheets", "MaxConcurrency": 2, "ToleratedFailureCount": 1, "End": true,
  "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    "StartAt": "T", "States": {"T": {"Type": "Task", "End": true,
      "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f"}}}}}})";

class map_run : public ::testing::Test {
 protected:
  map_run()
      : machine_(machine_of(two_at_a_time)),
        rehearsal_(*machine_, json::Value::array({"a", "b", "c"})) {
    rehearsal_.decide(Begin{});
  }

  MapRun run() {
    auto runs = map_runs(*machine_, rehearsal_.identity(), rehearsal_.records());
    EXPECT_TRUE(runs.has_value());
    EXPECT_EQ(runs->size(), 1u);
    return runs->front();
  }
  std::vector<std::string> events_of(int64_t index) {
    const HistoryWindow window{.child = ChildPlace{run().arn, index}};
    const auto events =
        history(*machine_, rehearsal_.identity(), rehearsal_.records(), window).value();
    std::vector<std::string> lines;
    for (const auto& event : events)
      lines.push_back(concat(event.id, "<", event.previous_id, " ", event.type));
    return lines;
  }
  std::vector<Status> statuses() {
    std::vector<Status> all;
    const MapRun found = run();
    for (const auto& [index, child] : found.children) all.push_back(child.status);
    return all;
  }

  std::unique_ptr<const asl::Machine> machine_;
  Rehearsal rehearsal_;
};

TEST_F(map_run, tells_how_its_children_are_doing) {
  EXPECT_THAT(statuses(), ::testing::ElementsAre(Status::running, Status::running));
  rehearsal_.decide(TaskFailed{1, "E", "why"});
  EXPECT_THAT(statuses(), ::testing::ElementsAre(Status::failed, Status::running, Status::running));
  EXPECT_EQ(run().children[0].error, "E");
  EXPECT_EQ(run().status, Status::running);
  EXPECT_EQ(run().executions, 3);
  rehearsal_.decide(TaskSucceeded{2, "done"});
  rehearsal_.decide(TaskSucceeded{3, "done too"});
  EXPECT_EQ(run().status, Status::succeeded);
  EXPECT_EQ(run().children[2].output, json::Value("done too"));
  EXPECT_TRUE(run().stopped.has_value());
}

TEST_F(map_run, is_aborted_with_its_execution) {
  rehearsal_.decide(TaskSucceeded{1, "done"});
  rehearsal_.decide(Stop{});
  EXPECT_EQ(run().status, Status::aborted);
  EXPECT_THAT(statuses(),
              ::testing::ElementsAre(Status::succeeded, Status::aborted, Status::aborted));
}

TEST_F(map_run, aborts_its_other_children_when_it_fails) {
  rehearsal_.decide(TaskFailed{1, "E", ""});
  rehearsal_.decide(TaskFailed{2, "E", ""});
  EXPECT_EQ(run().status, Status::failed);
  EXPECT_THAT(statuses(), ::testing::ElementsAre(Status::failed, Status::failed, Status::aborted));
  EXPECT_THAT(events_of(2),
              ::testing::ElementsAre("1<0 ExecutionStarted", "2<0 TaskStateEntered",
                                     "3<2 LambdaFunctionScheduled", "4<3 LambdaFunctionStarted",
                                     "5<0 ExecutionAborted"));
}

TEST_F(map_run, takes_up_what_had_not_succeeded_when_it_is_redriven) {
  rehearsal_.decide(TaskFailed{1, "E", ""});
  rehearsal_.decide(TaskFailed{2, "E", ""});
  rehearsal_.decide(Redrive{1});
  EXPECT_EQ(run().status, Status::running);
  EXPECT_EQ(run().redrives, 1);
  // The first failure was tolerated, and stays.
  EXPECT_THAT(statuses(), ::testing::ElementsAre(Status::failed, Status::running, Status::running));
  const auto events = events_of(2);
  EXPECT_THAT(std::vector(events.begin() + 4, events.end()),
              ::testing::ElementsAre("5<0 ExecutionAborted", "6<4 ExecutionRedriven",
                                     "7<6 LambdaFunctionScheduled", "8<7 LambdaFunctionStarted"));
  rehearsal_.decide(TaskFailed{4, "E", ""});
  EXPECT_EQ(run().status, Status::failed);
}

TEST_F(map_run, has_a_history_for_each_child) {
  rehearsal_.decide(TaskSucceeded{2, "done"});
  EXPECT_THAT(events_of(1),
              ::testing::ElementsAre("1<0 ExecutionStarted", "2<0 TaskStateEntered",
                                     "3<2 LambdaFunctionScheduled", "4<3 LambdaFunctionStarted",
                                     "5<4 LambdaFunctionSucceeded", "6<5 TaskStateExited",
                                     "7<6 ExecutionSucceeded"));
  EXPECT_EQ(events_of(0).size(), 4u);
  EXPECT_TRUE(events_of(9).empty());
}

TEST_F(map_run, starts_more_at_once_when_it_is_told_to) {
  const auto named = json::Value::object({{"MaxConcurrency", 3}});
  EXPECT_EQ(rehearsal_.decide(ChangeMapRun{run().arn, named}).size(), 1u);
  EXPECT_EQ(run().children.size(), 3u);
  EXPECT_EQ(run().concurrency_max, 3);
}

TEST_F(map_run, fails_when_it_is_to_tolerate_fewer_failures_than_it_has) {
  rehearsal_.decide(TaskFailed{1, "E", ""});
  rehearsal_.decide(ChangeMapRun{run().arn, json::Value::object({{"ToleratedFailureCount", 0}})});
  EXPECT_EQ(rehearsal_.execution().status(), Status::failed);
}

TEST_F(map_run, is_not_changed_under_another_name) {
  EXPECT_TRUE(rehearsal_.decide(ChangeMapRun{"arn:other", json::Value::object()}).empty());
  EXPECT_TRUE(rehearsal_.execution().is_running(run().arn));
}

TEST(map_run_names, lead_back_to_the_execution_and_the_child) {
  const std::string run = concat("arn:aws:states:us-east-1:1:mapRun:m/l:", map_run_id(77, 42));
  EXPECT_EQ(execution_number_of(run), 42);
  EXPECT_EQ(machine_arn_of(run), "arn:aws:states:us-east-1:1:stateMachine:m/l");
  const auto place = parse_child_arn(child_arn({run, 17}));
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(place->run_arn, run);
  EXPECT_EQ(place->index, 17);
  for (const char* other : {"", "arn:aws:states:us-east-1:1:execution:m:name",
                            "arn:aws:states:us-east-1:1:execution:m/l:short-1"})
    EXPECT_FALSE(parse_child_arn(other).has_value()) << other;
}

}  // namespace
}  // namespace pawl::execution
