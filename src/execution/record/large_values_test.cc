#include "execution/record/large_values.h"

#include <cmath>

#include "execution/rehearsal.h"

namespace pawl::execution {
namespace {

json::Value large_text(char letter) { return std::string(large_bytes_min, letter); }

json::Value rows(int64_t count) {
  json::Value::Array rows;
  for (int64_t i = 0; i < count; ++i)
    rows.push_back(json::Value::object({{"id", i}, {"name", concat("row of number ", i)}}));
  return rows;
}

constexpr const char* two_tasks = R"({"StartAt": "A", "States": {
  "A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f",
    "ResultSelector": {"rows.$": "$.page.rows", "count": 7}, "Next": "B"},
  "B": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f",
    "ResultPath": "$.more", "End": true}}})";

// What may be kept apart of the record of each command.
std::vector<std::vector<std::string>> kept_apart(const std::vector<Command>& commands) {
  const auto machine = machine_of(two_tasks);
  Execution execution(*machine, identity_of(json::Value::object()));
  std::vector<std::vector<std::string>> all;
  for (const auto& command : commands) {
    const auto decision = execution.decide(command, {execution.identity().started});
    std::vector<std::string>& parts = all.emplace_back();
    for (const auto& part : decision.large_parts)
      parts.push_back(decision.record.substr(part.offset, part.size));
  }
  EXPECT_EQ(execution.status(), Status::succeeded);
  return all;
}

TEST(large_values, are_their_texts_in_the_record_and_once_only) {
  const auto page = json::Value::object({{"page", json::Value::object({{"rows", rows(1000)}})}});
  const auto parts =
      kept_apart({Begin{}, TaskSucceeded{1, page}, TaskSucceeded{2, large_text('x')}});
  EXPECT_TRUE(parts[0].empty());
  // What the selector takes of the result is not written again.
  EXPECT_EQ(parts[1], (std::vector<std::string>{json::write(rows(1000))}));
  EXPECT_EQ(parts[2], (std::vector<std::string>{json::write(large_text('x'))}));
}

TEST(large_values, are_folded_back_as_they_were) {
  const auto machine = machine_of(two_tasks);
  const auto page = json::Value::object(
      {{"page", json::Value::object({{"rows", rows(1000)}, {"real", 2.0}, {"none", nullptr}})}});
  Rehearsal rehearsal(*machine, json::Value::object());
  rehearsal.decide(Begin{});
  rehearsal.decide(TaskSucceeded{1, page});
  rehearsal.decide(TaskSucceeded{2, json::Value::object({{"text", large_text('x')}})});
  EXPECT_EQ(rehearsal.execution().status(), Status::succeeded);
}

TEST(large_values, that_stand_beside_a_known_one_are_kept_by_themselves) {
  const json::Value known = rows(1000);
  KnownValues values;
  values.add(known);
  EXPECT_FALSE(is_best_as_text(json::Value::object({{"a", known}, {"b", rows(999)}}), values));
  EXPECT_TRUE(is_best_as_text(rows(999), values));
  EXPECT_FALSE(is_best_as_text(known, values));
}

TEST(large_values, that_hold_a_part_many_times_are_written_with_references) {
  const json::Value part = rows(10);
  EXPECT_FALSE(is_best_as_text(json::Value::Array(1000, part), {}));
  EXPECT_TRUE(is_best_as_text(json::Value::Array{rows(1000), part, part}, {}));
}

TEST(large_values, that_no_text_can_hold_are_none) {
  const json::Value large = rows(1000);
  EXPECT_TRUE(is_best_as_text(json::Value::Array{large, 1.5}, {}));
  EXPECT_FALSE(is_best_as_text(json::Value::Array{large, INFINITY}, {}));
  EXPECT_FALSE(is_best_as_text(json::Value::Array{large, "\xff"}, {}));
  EXPECT_FALSE(is_best_as_text(json::Value::object({{"\xff", large}}), {}));
  json::Value deep = large;
  while (deep.depth() < json::depth_max) deep = json::Value::Array{deep};
  EXPECT_FALSE(is_best_as_text(deep, {}));
}

}  // namespace
}  // namespace pawl::execution
