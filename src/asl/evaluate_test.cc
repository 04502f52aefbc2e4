#include "asl/evaluate.h"

#include <gtest/gtest.h>

#include "asl/errors.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::asl {
namespace {

using json::Value;

const Value context = Value::object();

Value parse(std::string_view text) { return json::parse(text).value(); }

template <typename T>
std::string cause(const Outcome<T>& outcome) {
  return outcome ? "no failure" : outcome.error().cause;
}

Path path(std::string_view text) { return Path::parse(text).value(); }

TEST(evaluate, reads_numbers_at_paths) {
  const Value input = parse(R"({"n":4,"minus":-1,"text":"NoNumber","o":{},"real":12.5})");
  const Scope scope{input, context};
  EXPECT_EQ(number(NumberOrPath{9}, scope).value(), 9);
  EXPECT_EQ(number(NumberOrPath{path("$.n"), "MaxConcurrency"}, scope).value(), 4);
  EXPECT_EQ(cause(number(NumberOrPath{path("$.text"), "MaxConcurrency"}, scope)),
            "The MaxConcurrencyPath field refers to value \"NoNumber\" which is not a valid "
            "integer: $.text");
  EXPECT_EQ(cause(number(NumberOrPath{path("$.o"), "ToleratedFailureCount"}, scope)),
            "The ToleratedFailureCountPath field refers to value \"{}\" which is not a valid "
            "integer: $.o");
  EXPECT_EQ(cause(number(NumberOrPath{path("$.minus"), "ToleratedFailureCount"}, scope)),
            "ToleratedFailureCount cannot be negative.");
  EXPECT_EQ(number(NumberOrPath{path("$.real"), "ToleratedFailurePercentage"}, scope).value(), 12);
  EXPECT_EQ(cause(number(NumberOrPath{path("$.minus"), "ToleratedFailurePercentage"}, scope)),
            "ToleratedFailurePercentage must be between 0 and 100.");
  EXPECT_EQ(cause(number(NumberOrPath{path("$.no"), "TimeoutSeconds"}, scope)),
            "Invalid path '$.no' : No results for path: $['no']");
}

TEST(evaluate, reads_texts) {
  const Value input = parse(R"({"e":"Broken","n":1})");
  const Scope scope{input, context};
  const auto expression = [](std::string_view text) {
    return TextOrExpression{Template::compile_expression("ErrorPath", text).value()};
  };
  EXPECT_EQ(text(TextOrExpression{std::string("as it is")}, scope).value(), "as it is");
  EXPECT_EQ(text(expression("$.e"), scope).value(), "Broken");
  EXPECT_EQ(text(expression("States.Format('{}!', $.e)"), scope).value(), "Broken!");
  EXPECT_EQ(cause(text(expression("$.x"), scope)),
            "The JSONPath '$.x' specified for the field 'ErrorPath' could not be found in the "
            "input '{\"e\":\"Broken\",\"n\":1}'");
  EXPECT_FALSE(text(expression("$.n"), scope).has_value());
}

TEST(evaluate, chooses_input_and_places_results) {
  const Value input = parse(R"({"a":1})");
  const Scope scope{input, context};
  EXPECT_EQ(read(std::nullopt, scope).value(), input);
  EXPECT_EQ(read(PathOrNull{}, scope).value(), Value::object());
  EXPECT_EQ(read(PathOrNull{path("$.a")}, scope).value(), Value(1));
  EXPECT_EQ(place(std::nullopt, input, 7).value(), Value(7));
  EXPECT_EQ(place(PathOrNull{}, input, 7).value(), input);
  EXPECT_EQ(json::write(place(PathOrNull{path("$.r")}, input, 7).value()), R"({"a":1,"r":7})");
}

TEST(evaluate, knows_when_a_wait_ends) {
  const Instant now = parse_instant("2020-01-01T00:00:00Z").value();
  const Value input = parse(R"({"s":90,"t":"2020-02-01T00:00:00+01:00","bad":"2020-02-01"})");
  const Scope scope{input, context};
  const auto end = [&](auto field, auto value) {
    Wait wait;
    wait.*field = std::move(value);
    const auto instant = wait_end(wait, scope, now);
    return instant ? format_instant(*instant) : instant.error().cause;
  };
  EXPECT_EQ(end(&Wait::seconds, 5), "2020-01-01T00:00:05.000Z");
  EXPECT_EQ(end(&Wait::seconds_path, path("$.s")), "2020-01-01T00:01:30.000Z");
  EXPECT_EQ(end(&Wait::timestamp, "2021-01-01T00:00:00Z"), "2021-01-01T00:00:00.000Z");
  EXPECT_EQ(end(&Wait::timestamp_path, path("$.t")), "2020-01-31T23:00:00.000Z");
  EXPECT_EQ(end(&Wait::seconds_path, path("$.x.y")),
            "The SecondsPath parameter does not reference an input value: $.x.y");
  EXPECT_EQ(end(&Wait::timestamp_path, path("$.bad")),
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset "
            "date-time format string: $.bad == 2020-02-01");
}

TEST(evaluate, takes_only_an_array_as_items) {
  const Value input = parse(R"({"l":[1,2],"n":1})");
  const Scope scope{input, context};
  Map map;
  EXPECT_EQ(cause(items(State(), map, scope)), "Reference path \"$\" must point to array.");
  map.items_path = path("$.l");
  EXPECT_EQ(items(State(), map, scope).value().size(), 2u);
  map.items_path = path("$$");
  EXPECT_EQ(cause(items(State(), map, scope)), "Reference path \"$\" must point to array.");
}

TEST(errors, are_taken_by_name_and_by_the_names_for_all) {
  EXPECT_TRUE(takes({"A", "B"}, "B"));
  EXPECT_FALSE(takes({"A"}, "B"));
  EXPECT_FALSE(takes({}, "B"));
  EXPECT_TRUE(takes({"States.ALL"}, "B"));
  EXPECT_TRUE(takes({"States.ALL"}, "States.Timeout"));
  EXPECT_TRUE(takes({"States.ALL"}, "States.DataLimitExceeded"));
  EXPECT_TRUE(takes({"States.TaskFailed"}, "B"));
  EXPECT_FALSE(takes({"States.TaskFailed"}, "States.Timeout"));
  EXPECT_FALSE(takes({"States.TaskFailed"}, "States.HeartbeatTimeout"));
  EXPECT_TRUE(takes({"States.Timeout"}, "States.HeartbeatTimeout"));
  EXPECT_FALSE(takes({"States.HeartbeatTimeout"}, "States.Timeout"));
}

TEST(errors, of_the_run_itself_are_taken_by_nobody) {
  EXPECT_FALSE(takes({"States.ALL"}, "States.Runtime"));
  EXPECT_FALSE(takes({"States.Runtime"}, "States.Runtime"));
}

TEST(errors, delay_retries_more_and_more) {
  Retrier retrier;
  retrier.interval_seconds = 3;
  EXPECT_EQ(retry_delay_seconds(retrier, 0, 0), 3);
  EXPECT_EQ(retry_delay_seconds(retrier, 2, 0), 12);
  retrier.max_delay_seconds = 10;
  EXPECT_EQ(retry_delay_seconds(retrier, 2, 0), 10);
  EXPECT_EQ(retry_delay_seconds(retrier, 100'000, 0), 10);
  retrier.full_jitter = true;
  EXPECT_EQ(retry_delay_seconds(retrier, 0, 0), 0);
  for (uint64_t entropy = 1; entropy != 0; entropy <<= 1) {
    EXPECT_GE(retry_delay_seconds(retrier, 0, entropy), 0);
    EXPECT_LT(retry_delay_seconds(retrier, 0, ~entropy), 3);
  }
}

}  // namespace
}  // namespace pawl::asl
