#include <gmock/gmock.h>

#include "execution/map_run_list.h"
#include "execution/rehearsal.h"

// A run whose items are read window by window, and whose results go out part by part.

namespace pawl::execution {
namespace {

using json::Value;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// `fields` are those of the Map besides, each with a comma behind it.
std::string reading_map(const std::string& fields) {
  return R"({"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "sheets", "End": true,
    "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
      "ReaderConfig": {"InputType": "JSONL"}, "Parameters": {"Bucket": "in", "Key": "k"}}, )" +
         fields +
         R"("ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED",
      "ExecutionType": "STANDARD"}, "StartAt": "T", "States": {"T": {"Type": "Task", "End": true,
        "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f"}}}}}})";
}

constexpr const char* writer =
    R"("ResultWriter": {"Resource": "arn:aws:states:::s3:putObject",
        "Parameters": {"Bucket": "out"}}, )";

const Value behind = Value::object({{"Offset", 17}});

Value window(Value::Array items, const Value& next, std::optional<int64_t> total = {}) {
  Value::Object made{{"Items", std::move(items)}, {"Next", next}};
  if (total) made.push_back({"Total", *total});
  return made;
}

class map_windows : public ::testing::Test {
 protected:
  void begin(const std::string& fields, int64_t stream_bytes_max = 1 << 20) {
    machine_ = machine_of(reading_map(fields));
    rehearsal_ = std::make_unique<Rehearsal>(*machine_, Value::object({}));
    rehearsal_->stream_bytes_max = stream_bytes_max;
    rehearsal_->decide(Begin{});
  }
  std::vector<StartTask> pending(std::string_view resource) {
    std::vector<StartTask> found;
    for (const Effect& effect : rehearsal_->execution().pending())
      if (const auto* task = std::get_if<StartTask>(&effect); task && task->resource == resource)
        found.push_back(*task);
    return found;
  }
  StartTask only(std::string_view resource) {
    const auto found = pending(resource);
    EXPECT_EQ(found.size(), 1u);
    return found.empty() ? StartTask{} : found.front();
  }
  StartTask reading() { return only(read_items_resource); }
  StartTask writing() { return only(write_results_resource); }
  std::vector<StartTask> tasks() {
    return pending("arn:aws:lambda:us-east-1:000000000000:function:f");
  }
  std::vector<std::string> inputs() {
    std::vector<std::string> all;
    for (const StartTask& task : tasks()) all.push_back(json::write(task.input));
    return all;
  }
  std::vector<Effect> answer(const StartTask& task, Value value) {
    return rehearsal_->decide(TaskSucceeded{task.id, std::move(value)});
  }
  void fail(const StartTask& task, const std::string& error) {
    rehearsal_->decide(TaskFailed{task.id, error, "why"});
  }
  MapRun run(Children children = Children::counted) {
    return map_runs(*machine_, rehearsal_->identity(), rehearsal_->records(), children)->front();
  }
  Status status() { return rehearsal_->execution().status(); }

  std::unique_ptr<const asl::Machine> machine_;
  std::unique_ptr<Rehearsal> rehearsal_;
};

TEST_F(map_windows, are_read_while_children_are_at_work) {
  begin("");
  EXPECT_EQ(reading().input.find("After"), nullptr);
  answer(reading(), window({"a", "b"}, behind, 3));
  EXPECT_THAT(inputs(), ElementsAre(R"("a")", R"("b")"));
  EXPECT_EQ(reading().input["After"], behind);
  EXPECT_EQ(run().items, 3);
  answer(tasks()[0], 1);
  answer(reading(), window({"c"}, nullptr));
  EXPECT_THAT(pending(read_items_resource), IsEmpty());
  EXPECT_THAT(inputs(), ElementsAre(R"("b")", R"("c")"));
  answer(tasks()[1], 3);
  answer(tasks()[0], 2);
  EXPECT_EQ(status(), Status::succeeded);
  EXPECT_EQ(run().children_by.of(Status::succeeded), 3);
}

TEST_F(map_windows, wait_where_enough_is_at_work) {
  begin("", 2000);
  answer(reading(), window({std::string(1000, 'a'), std::string(1000, 'b')}, behind, 3));
  EXPECT_THAT(pending(read_items_resource), IsEmpty());
  answer(tasks()[0], 1);
  EXPECT_EQ(reading().input["After"], behind);
}

TEST_F(map_windows, may_be_empty_at_the_end) {
  begin("");
  answer(reading(), window({"a"}, behind, 1));
  answer(tasks()[0], 1);
  EXPECT_EQ(status(), Status::running);
  answer(reading(), window({}, nullptr));
  EXPECT_EQ(status(), Status::succeeded);
}

TEST_F(map_windows, are_no_edges_for_batches_and_indexes) {
  begin(R"("ItemBatcher": {"MaxItemsPerBatch": 2},
           "ItemSelector": {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value"}, )");
  answer(reading(), window({"a", "b", "c"}, behind, 5));
  EXPECT_THAT(inputs(), ElementsAre(R"({"Items":[{"i":0,"v":"a"},{"i":1,"v":"b"}]})"));
  answer(reading(), window({"d", "e"}, nullptr));
  EXPECT_THAT(inputs(), ElementsAre(R"({"Items":[{"i":0,"v":"a"},{"i":1,"v":"b"}]})",
                                    R"({"Items":[{"i":2,"v":"c"},{"i":3,"v":"d"}]})",
                                    R"({"Items":[{"i":4,"v":"e"}]})"));
  EXPECT_EQ(run().items_by.of(Status::running), 5);
}

TEST_F(map_windows, have_results_that_go_out_in_parts) {
  begin(writer, 2000);
  answer(reading(), window({std::string(1000, 'a'), std::string(1000, 'b'), "c"}, nullptr, 3));
  answer(tasks()[0], 1);
  answer(tasks()[0], 2);
  const StartTask part = writing();
  EXPECT_EQ(part.input["Part"], Value(0));
  EXPECT_EQ(part.input["IsLast"], Value(false));
  EXPECT_EQ(part.input["Children"].size(), 2u);
  answer(tasks()[0], 3);
  EXPECT_EQ(json::write(writing().input), json::write(part.input)) << "the same after a crash";
  const auto listed = [](const char* key) {
    return Value::object({{"FAILED", Value::array()}, {"SUCCEEDED", Value::array({key})}});
  };
  answer(part, listed("first"));
  const Value last = writing().input;
  EXPECT_EQ(last["Part"], Value(1));
  EXPECT_EQ(last["IsLast"], Value(true));
  EXPECT_EQ(last["Files"], listed("first"));
  ASSERT_EQ(last["Children"].size(), 1u);
  EXPECT_EQ(last["Children"].elements()[0]["Output"], Value(3));
  answer(writing(), Value::object({{"Bucket", "out"}}));
  EXPECT_EQ(status(), Status::succeeded);
  EXPECT_EQ(run(Children::told).children.size(), 3u);
}

TEST_F(map_windows, tell_how_many_may_fail_of_all_items) {
  begin(R"("ToleratedFailurePercentage": 25, )");
  answer(reading(), window({"a", "b"}, behind, 8));
  fail(tasks()[0], "E");
  fail(tasks()[0], "E");
  EXPECT_EQ(status(), Status::running);
  answer(reading(), window({"c"}, behind));
  fail(tasks()[0], "E");
  EXPECT_EQ(status(), Status::failed);
}

TEST_F(map_windows, are_called_off_when_too_much_has_failed) {
  begin(writer);
  answer(reading(), window({"a", "b"}, behind, 9));
  const EffectId asked = reading().id;
  const auto effects = rehearsal_->decide(TaskFailed{tasks()[0].id, "E", ""});
  const bool is_called_off = std::ranges::any_of(effects, [&](const Effect& effect) {
    const auto* cancelled = std::get_if<CancelTask>(&effect);
    return cancelled != nullptr && cancelled->id == asked;
  });
  EXPECT_TRUE(is_called_off);
  EXPECT_EQ(writing().input["Children"].size(), 2u);
}

TEST_F(map_windows, that_cannot_be_read_end_the_run_and_a_redrive_goes_on_there) {
  begin(writer);
  answer(reading(), window({"a", "b"}, behind, 3));
  answer(tasks()[0], 1);
  fail(reading(), "States.ItemReaderFailed");
  EXPECT_EQ(writing().input["Children"].size(), 2u);
  answer(writing(), Value::object({}));
  EXPECT_EQ(status(), Status::failed);
  EXPECT_EQ(run().children_by.of(Status::aborted), 1);

  rehearsal_->decide(Redrive{1});
  EXPECT_EQ(run().children_by.of(Status::running), 1);
  EXPECT_EQ(reading().input["After"], behind);
  answer(reading(), window({"c"}, nullptr));
  EXPECT_THAT(inputs(), ElementsAre(R"("b")", R"("c")"));
  answer(tasks()[0], 2);
  answer(tasks()[0], 3);
  EXPECT_EQ(writing().input["Children"].size(), 3u);
  answer(writing(), Value::object({}));
  EXPECT_EQ(status(), Status::succeeded);
}

TEST_F(map_windows, have_parts_that_a_stop_and_a_redrive_write_again) {
  begin(writer, 1000);
  answer(reading(), window({std::string(1000, 'a'), "b"}, nullptr, 2));
  answer(tasks()[0], 1);
  EXPECT_EQ(writing().input["Part"], Value(0));
  rehearsal_->decide(Stop{});
  rehearsal_->decide(Redrive{1});
  answer(tasks()[0], 2);
  EXPECT_EQ(writing().input["Part"], Value(1)) << "who was writing the other may still do so";
  EXPECT_EQ(writing().input["Children"].size(), 2u);
}

TEST_F(map_windows, are_read_on_however_often_children_at_work_were_stopped_and_redriven) {
  begin("", 2000);
  answer(reading(), window({std::string(1000, 'a')}, behind, 2));
  for (int64_t redrives = 1; redrives <= 3; ++redrives) {
    rehearsal_->decide(Stop{});
    rehearsal_->decide(Redrive{redrives});
  }
  answer(tasks()[0], 1);
  EXPECT_EQ(reading().input["After"], behind);
}

TEST_F(map_windows, are_not_taken_from_an_answer_that_has_none) {
  for (const Value& wrong : {Value(1), Value::object({}), Value::array({"d"})}) {
    begin("");
    answer(reading(), window({"a"}, behind, 3));
    answer(reading(), wrong);
    EXPECT_EQ(status(), Status::failed);
  }
}

}  // namespace
}  // namespace pawl::execution
