#include "execution/execution.h"

#include "execution/quotas.h"
#include "execution/rehearsal.h"

namespace pawl::execution {
namespace {

constexpr const char* one_task = R"({"StartAt": "T", "States": {"T": {"Type": "Task",
  "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "TimeoutSeconds": 5,
  "End": true}}})";

TEST(execution, waits_for_its_beginning) {
  const auto machine = machine_of(one_task);
  Rehearsal rehearsal(*machine, {});
  EXPECT_TRUE(rehearsal.decide(Stop{}).empty());
  EXPECT_TRUE(rehearsal.records().empty());
  EXPECT_TRUE(rehearsal.execution().pending().empty());
}

TEST(execution, ignores_a_second_beginning) {
  const auto machine = machine_of(one_task);
  Rehearsal rehearsal(*machine, {});
  rehearsal.decide(Begin{});
  EXPECT_TRUE(rehearsal.decide(Begin{}).empty());
  EXPECT_EQ(rehearsal.records().size(), 1u);
}

TEST(execution, ignores_what_comes_late) {
  const auto machine = machine_of(one_task);
  Rehearsal rehearsal(*machine, {});
  rehearsal.decide(Begin{});
  rehearsal.decide(TaskSucceeded{1, "done"});
  const size_t records = rehearsal.records().size();
  for (const Command& late :
       {Command(TaskSucceeded{1, "again"}), Command(TaskFailed{1, "E", ""}), Command(TimerDue{2}),
        Command(Stop{}), Command(TaskHeartbeat{1}), Command(TaskSubmitted{1, {}})})
    EXPECT_TRUE(rehearsal.decide(late).empty());
  EXPECT_EQ(rehearsal.records().size(), records);
  EXPECT_EQ(rehearsal.execution().status(), Status::succeeded);
}

TEST(execution, takes_a_timer_for_no_task_and_a_task_for_no_timer) {
  const auto machine = machine_of(one_task);
  Rehearsal rehearsal(*machine, {});
  rehearsal.decide(Begin{});
  EXPECT_TRUE(rehearsal.decide(TaskSucceeded{2, "the id of the timer"}).empty());
  EXPECT_EQ(rehearsal.records().size(), 1u);
}

TEST(execution, asks_for_open_work_again_under_the_same_ids) {
  const auto machine = machine_of(one_task);
  Rehearsal rehearsal(*machine, json::Value::object({{"x", 1}}));
  const auto asked = rehearsal.decide(Begin{});
  const auto again = rehearsal.execution().pending();
  ASSERT_EQ(again.size(), asked.size());
  for (size_t i = 0; i < asked.size(); ++i)
    EXPECT_EQ(text(rehearsal.identity(), again[i]), text(rehearsal.identity(), asked[i]));
}

TEST(execution, takes_a_breath_in_a_loop_that_never_waits) {
  const auto machine = machine_of(R"({"StartAt": "A", "States": {
    "A": {"Type": "Pass", "Next": "B"},
    "B": {"Type": "Choice", "Default": "A",
      "Choices": [{"Variable": "$.stop", "IsPresent": true, "Next": "End"}]},
    "End": {"Type": "Succeed"}}})");
  Rehearsal rehearsal(*machine, json::Value::object({{"kept", "as it is"}}));
  const auto effects = rehearsal.decide(Begin{});
  ASSERT_EQ(effects.size(), 1u);
  const auto* timer = std::get_if<SetTimer>(&effects[0]);
  ASSERT_NE(timer, nullptr);
  EXPECT_EQ(timer->due, rehearsal.now());
  EXPECT_EQ(rehearsal.decide(TimerDue{timer->id}).size(), 1u);
  EXPECT_EQ(rehearsal.execution().status(), Status::running);
  rehearsal.decide(Stop{"Enough", ""});
  EXPECT_EQ(rehearsal.execution().status(), Status::aborted);
}

// A loop of states that each make the data larger, and how the execution ends.
std::string end_of_growth(const char* parameters, const char* initial) {
  const auto machine = machine_of(concat(R"({"StartAt": "A", "States": {
    "A": {"Type": "Pass", "Next": "B", "Parameters": )",
                                         parameters, R"(},
    "B": {"Type": "Choice", "Default": "A",
      "Choices": [{"Variable": "$.stop", "IsPresent": true, "Next": "End"}]},
    "End": {"Type": "Succeed"}}})"));
  Execution execution(*machine, identity_of(*json::parse(initial)));
  const auto decision =
      execution.decide(Begin{}, {.now = Instant(seconds(1)), .data_bytes_max = 1 << 20});
  Execution replayed(*machine, execution.identity());
  EXPECT_TRUE(replayed.replay(decision.record).has_value());
  return text(execution.identity(), decision.effects.back());
}

TEST(execution, fails_over_data_that_grows_without_end) {
  const char* too_large = "The data is larger than the limit of 1048576 bytes";
  for (const auto& [parameters, cause] :
       {std::pair(R"({"v.$": "$"})", "The data is nested deeper than the limit of 500"),
        std::pair(R"({"a.$": "$", "b.$": "$"})", too_large),
        std::pair(R"-({"s.$": "States.Format('{}{}', $.s, $.s)"})-", too_large)}) {
    const auto end = end_of_growth(parameters, R"({"s": "some text"})");
    EXPECT_NE(end.find("close FAILED States.DataLimitExceeded: "), end.npos) << end;
    EXPECT_NE(end.find(cause), end.npos) << end;
  }
}

std::string machine_of_states(std::string_view states) {
  return concat(R"({"QueryLanguage": "JSONata", "StartAt": "A", "States": {)", states, "}}");
}

TEST(execution, fails_a_state_whose_expressions_take_too_many_steps_together) {
  const std::string sum = "{% $sum([1..2000].($ * 2)) %}";
  const auto end_with = [&](int64_t steps_max) {
    const auto machine = machine_of(
        machine_of_states(concat(R"("A": {"Type": "Pass", "End": true, "Output": {"a": ")", sum,
                                 R"(", "b": ")", sum, R"("}})")));
    Execution execution(*machine, identity_of({}));
    const auto decision =
        execution.decide(Begin{}, {.now = Instant(seconds(1)), .transition_steps_max = steps_max});
    return text(execution.identity(), decision.effects.back());
  };
  EXPECT_EQ(end_with(100'000), R"(close SUCCEEDED {"a":4002000,"b":4002000})");
  const auto end = end_with(15'000);
  EXPECT_NE(end.find("close FAILED States.QueryEvaluationError: "), end.npos) << end;
  EXPECT_NE(end.find("specified for the field 'Output/b' exceeded the limit of 15000 evaluation "
                     "steps that one transition of a state may take."),
            end.npos)
      << end;
}

TEST(execution, lets_others_go_on_after_states_that_took_many_steps) {
  const auto machine = machine_of(machine_of_states(
      R"("A": {"Type": "Pass", "Output": "{% $sum([1..2000].($ * 2)) %}", "Next": "B"},
         "B": {"Type": "Pass", "Output": "{% $states.input + 1 %}", "End": true})"));
  Execution execution(*machine, identity_of({}));
  const Facts facts{.now = Instant(seconds(1)), .turn_steps_max = 1'000};
  const auto first = execution.decide(Begin{}, facts);
  ASSERT_EQ(first.effects.size(), 1u);
  const auto* timer = std::get_if<SetTimer>(&first.effects[0]);
  ASSERT_NE(timer, nullptr);
  EXPECT_EQ(timer->due, facts.now);
  const auto second = execution.decide(TimerDue{timer->id}, facts);
  EXPECT_EQ(text(execution.identity(), second.effects.back()), "close SUCCEEDED 4002001");
}

TEST(execution, starts_iterations_bit_by_bit_where_their_inputs_cost_much) {
  const auto machine = machine_of(R"json({"StartAt": "M", "States": {"M": {"Type": "Map",
    "ItemSelector": {"n.$": "States.ArrayLength($.all[?(@ > 3)])"}, "ItemsPath": "$.all",
    "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}},
    "End": true}}})json");
  json::Value::Array numbers;
  for (int64_t i = 0; i < 100; ++i) numbers.push_back(i);
  Execution execution(*machine, identity_of(json::Value::object({{"all", numbers}})));
  const Facts facts{.now = Instant(seconds(1)), .turn_steps_max = 1'000};
  std::vector<Effect> effects = execution.decide(Begin{}, facts).effects;
  EXPECT_LT(execution.pending().size(), 20u);
  size_t commands = 1;
  for (; execution.status() == Status::running; ++commands) {
    const auto open = execution.pending();
    effects = execution.decide(TimerDue{std::get<SetTimer>(open.at(0)).id}, facts).effects;
  }
  EXPECT_GT(commands, 10u);
  EXPECT_EQ(std::get<Close>(effects.back()).output.size(), 100u);
}

// The service's threshold is one of the Map, however often it is redriven.
TEST(execution, counts_the_failures_that_an_inline_map_has_tolerated_after_a_redrive) {
  const auto machine = machine_of(R"({"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
    "ToleratedFailureCount": 1, "ItemProcessor": {"StartAt": "T", "States": {"T": {"Type": "Task",
    "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "End": true}}}}}})");
  Rehearsal rehearsal(*machine, json::Value::array({1, 2, 3, 4}));
  const auto fail_one = [&] {
    const auto pending = rehearsal.execution().pending();
    rehearsal.decide(TaskFailed{std::get<StartTask>(pending.at(0)).id, "E", "the cause"});
  };
  rehearsal.decide(Begin{});
  fail_one();
  EXPECT_EQ(rehearsal.execution().status(), Status::running);
  fail_one();
  EXPECT_EQ(rehearsal.execution().status(), Status::failed);
  rehearsal.decide(Redrive{1});
  EXPECT_EQ(rehearsal.execution().status(), Status::running);
  fail_one();
  EXPECT_EQ(rehearsal.execution().status(), Status::failed);
}

TEST(execution, lets_others_go_on_after_states_that_made_much) {
  const auto machine = machine_of(R"json({"StartAt": "P", "States": {
    "P": {"Type": "Pass", "Next": "Enough", "Parameters": {"i.$": "States.MathAdd($.i, 1)",
      "text.$": "States.Format('{}{}', $.i, $.text)"}},
    "Enough": {"Type": "Choice", "Default": "End", "Choices": [
      {"Variable": "$.i", "NumericLessThan": 30, "Next": "P"}]},
    "End": {"Type": "Succeed"}}})json");
  Execution execution(
      *machine, identity_of(json::Value::object({{"i", 0}, {"text", std::string(1 << 20, 'x')}})));
  size_t commands = 0;
  for (Command next = Begin{}; execution.status() == Status::running; ++commands) {
    const auto decision = execution.decide(next, {.now = Instant(seconds(1))});
    EXPECT_LT(decision.record.size(), 11u << 20);
    if (const auto open = execution.pending(); !open.empty())
      next = TimerDue{std::get<SetTimer>(open[0]).id};
  }
  EXPECT_GE(commands, 4u);
}

// What a Map, one in each iteration of another where it is nested, asks for when it begins.
Decision begun(Execution& execution) {
  return execution.decide(Begin{}, {.now = Instant(seconds(1))});
}

json::Value numbers(int64_t count) {
  json::Value::Array all;
  for (int64_t i = 0; i < count; ++i) all.push_back(i);
  return json::Value::object({{"items", json::Value(std::move(all))}});
}

TEST(execution, has_no_more_iterations_of_a_map_at_work_at_once_than_ten_thousand) {
  const auto machine = machine_of(machine_of_states(
      R"("A": {"Type": "Map", "Items": "{% $states.input.items %}", "End": true, "ItemProcessor": {
           "StartAt": "T", "States": {"T": {"Type": "Task", "End": true,
             "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f"}}}})"));
  Execution execution(*machine, identity_of(numbers(10'002)));
  const auto asked = begun(execution).effects;
  ASSERT_EQ(asked.size(), 10'000u);
  const Facts facts{.now = Instant(seconds(2))};
  // Of the last one, the first state is for a turn of its own.
  const auto& task = std::get<StartTask>(asked[1]);
  const auto next = execution.decide(TaskSucceeded{task.id, 1}, facts);
  ASSERT_EQ(next.effects.size(), 1u);
  EXPECT_EQ(std::get<StartTask>(next.effects[0]).input.integer(), 10'000);
}

TEST(execution, begins_so_many_iterations_in_a_turn_however_its_maps_are_nested) {
  const auto machine = machine_of(machine_of_states(
      R"("A": {"Type": "Map", "Items": "{% $states.input.items %}", "End": true,
           "ItemSelector": "{% $states.input %}", "ItemProcessor": {"StartAt": "B", "States": {
             "B": {"Type": "Map", "Items": "{% $states.input.items %}", "End": true,
               "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}
             }}}})"));
  Execution execution(*machine, identity_of(numbers(300)));
  const auto first = begun(execution);
  EXPECT_EQ(execution.status(), Status::running);
  EXPECT_GT(first.work, 10'000);
  EXPECT_LT(first.work, 60'000);
}

TEST(execution, asks_for_nothing_that_was_called_off_before_it_was_asked_for) {
  const auto machine = machine_of(machine_of_states(
      R"("A": {"Type": "Parallel", "End": true, "Branches": [
           {"StartAt": "T", "States": {"T": {"Type": "Task", "TimeoutSeconds": 5, "End": true,
             "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f"}}},
           {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}]})"));
  Execution execution(*machine, identity_of({}));
  const auto effects = begun(execution).effects;
  ASSERT_EQ(effects.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<Close>(effects[0]));
}

TEST(execution, sees_a_variable_that_is_named_as_a_function) {
  const auto machine = machine_of(machine_of_states(
      R"("A": {"Type": "Pass", "Assign": {"count": 7, "sum": 1}, "Next": "B"},
         "B": {"Type": "Pass", "Output": "{% [$count, $max([$sum, 2])] %}", "End": true})"));
  Rehearsal rehearsal(*machine, {});
  const auto effects = rehearsal.decide(Begin{});
  EXPECT_EQ(text(rehearsal.identity(), effects.back()), "close SUCCEEDED [7,2]");
}

TEST(execution, fails_a_task_whose_result_is_too_large) {
  const auto machine = machine_of(one_task);
  Execution execution(*machine, identity_of({}));
  execution.decide(Begin{}, {.now = Instant(seconds(1)), .data_bytes_max = 100});
  const auto decision = execution.decide(TaskSucceeded{1, std::string(200, 'x')},
                                         {.now = Instant(seconds(2)), .data_bytes_max = 100});
  EXPECT_NE(text(execution.identity(), decision.effects.back()).find("States.DataLimitExceeded"),
            std::string::npos);
}

const char* endless = R"({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"},
    "B": {"Type": "Wait", "Seconds": 1, "Next": "C"}, "C": {"Type": "Choice", "Default": "A",
    "Choices": [{"Variable": "$.stop", "IsPresent": true, "Next": "D"}]},
    "D": {"Type": "Succeed"}}})";

TEST(execution, ends_where_its_history_may_not_go_on) {
  const auto machine = machine_of(endless);
  Execution execution(*machine, identity_of({}));
  EffectId timer = 0;
  std::string last;
  Instant now(seconds(1));
  const auto decide = [&](const Command& command) {
    const auto decision = execution.decide(command, {.now = now, .events_max = 20});
    for (const auto& effect : decision.effects)
      if (const auto* set = std::get_if<SetTimer>(&effect)) timer = set->id;
    last = text(execution.identity(), decision.effects.back());
    now += seconds(1);
  };
  decide(Begin{});
  while (execution.status() == Status::running) decide(TimerDue{timer});
  EXPECT_EQ(execution.status(), Status::failed);
  EXPECT_NE(last.find("States.Runtime: The execution reached the maximum number of history events "
                      "(20)."),
            last.npos)
      << last;
}

TEST(execution, measures_exactly_where_that_decides) {
  const json::Value digits(json::Value::Array(1000, 7));
  EXPECT_EQ(bytes_as_text(digits, 2001), json::write(digits).size());
  EXPECT_EQ(bytes_as_text(std::string(1000, '"'), 2001), 2002u);
}

TEST(execution, says_what_the_service_would_not_have_taken) {
  const auto machine = machine_of(one_task);
  Execution execution(*machine, identity_of({}));
  const Facts facts{.now = Instant(seconds(1))};
  EXPECT_EQ(execution.decide(Begin{}, facts).beyond_service, "");
  const auto decision = execution.decide(TaskSucceeded{1, std::string(300'000, 'x')}, facts);
  EXPECT_NE(decision.beyond_service.find("300002 bytes are more than 262144, at state '"),
            std::string::npos)
      << decision.beyond_service;
  EXPECT_EQ(execution.status(), Status::succeeded);
}

TEST(execution, says_once_that_its_history_is_longer_than_the_service_takes) {
  const auto machine = machine_of(R"({"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
    "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}})");
  Execution execution(*machine, identity_of(json::Value(json::Value::Array(6'500, 1))));
  const auto decision = execution.decide(Begin{}, {.now = Instant(seconds(1))});
  EXPECT_EQ(decision.beyond_service, "its history goes on after 25000 events");
}

TEST(execution, says_what_it_is_doing) {
  const auto machine = machine_of(R"({"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
    "ItemProcessor": {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 7,
    "End": true}}}}}})");
  Rehearsal rehearsal(*machine, json::Value::array({"a", "b"}));
  rehearsal.decide(Begin{});
  const auto activities = rehearsal.execution().activities();
  ASSERT_EQ(activities.size(), 2u);
  EXPECT_EQ(activities[1].state, "W");
  EXPECT_EQ(activities[1].type, "Wait");
  EXPECT_EQ(activities[1].iteration, std::vector<int64_t>{1});
  EXPECT_EQ(activities[1].due, rehearsal.now() + seconds(7));
}

}  // namespace
}  // namespace pawl::execution
