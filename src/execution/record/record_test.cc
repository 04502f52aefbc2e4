#include "execution/record/record.h"

#include "base/hash.h"
#include "execution/rehearsal.h"

namespace pawl::execution {
namespace {

constexpr const char* mixed = R"json({"StartAt": "M", "States": {
  "M": {"Type": "Map", "ItemsPath": "$.items", "ResultPath": "$.done", "Next": "P",
    "ItemSelector": {"v.$": "$$.Map.Item.Value", "id.$": "States.UUID()"},
    "ItemProcessor": {"StartAt": "T", "States": {"T": {"Type": "Task", "TimeoutSeconds": 9,
      "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "End": true,
      "Retry": [{"ErrorEquals": ["E"]}]}}}},
  "P": {"Type": "Parallel", "End": true, "Branches": [
    {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1, "End": true}}},
    {"StartAt": "B", "States": {"B": {"Type": "Fail", "Error": "E", "Cause": "a longer cause"}}}]}
  }})json";

constexpr const char* mixed_input = R"({"items": [{"name": "the first"}, "the second one", 3],
  "kept": {"a": [1.5, null, true]}})";

std::vector<std::string> records_of(const asl::Machine& machine) {
  const auto input = json::parse(mixed_input);
  Rehearsal rehearsal(machine, *input);
  rehearsal.decide(Begin{});
  rehearsal.decide(TaskSucceeded{1, json::Value::object({{"answer", "a text of some length"}})});
  rehearsal.decide(TaskFailed{3, "E", "it did not work this time"});
  rehearsal.decide(TimerDue{7});
  rehearsal.decide(TaskSucceeded{5, nullptr});
  rehearsal.decide(TaskSucceeded{8, "a text of some length"});
  EXPECT_EQ(rehearsal.execution().status(), Status::failed);
  return rehearsal.records();
}

Identity identity_for_records() { return identity_of(*json::parse(mixed_input)); }

// A checksum that is right again, so that what lies behind it is tried.
std::string signed_again(std::string record) {
  if (record.size() < 4) return record;
  record.resize(record.size() - 4);
  const uint32_t crc = crc32c(record);
  for (int shift = 0; shift < 32; shift += 8) record.push_back(static_cast<char>(crc >> shift));
  return record;
}

// What happens with the `damaged` record in the place of the original: an error or, where the
// damage makes a story that is possible, a state; never a crash.
bool folds(const asl::Machine& machine, const std::vector<std::string>& before,
           const std::string& damaged) {
  Execution execution(machine, identity_for_records());
  for (const auto& record : before) EXPECT_TRUE(execution.replay(record).has_value());
  const auto folded = execution.replay(damaged);
  if (!folded) {
    EXPECT_EQ(folded.error().code(), ErrorCode::corrupt);
  }
  if (folded) portrait(execution);
  auto all = before;
  all.push_back(damaged);
  EXPECT_EQ(history(machine, identity_for_records(), all).has_value(), folded.has_value());
  return folded.has_value();
}

TEST(record, that_is_torn_is_corrupt) {
  const auto machine = machine_of(mixed);
  std::vector<std::string> before;
  for (const auto& record : records_of(*machine)) {
    for (size_t size = 0; size < record.size(); ++size)
      EXPECT_FALSE(folds(*machine, before, record.substr(0, size))) << size;
    before.push_back(record);
  }
}

TEST(record, with_a_flipped_bit_is_corrupt) {
  const auto machine = machine_of(mixed);
  std::vector<std::string> before;
  for (const auto& record : records_of(*machine)) {
    for (size_t bit = 0; bit < record.size() * 8; ++bit) {
      std::string damaged = record;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      EXPECT_FALSE(folds(*machine, before, damaged)) << bit;
    }
    before.push_back(record);
  }
}

TEST(record, of_garbage_under_a_good_checksum_never_crashes) {
  const auto machine = machine_of(mixed);
  std::vector<std::string> before;
  for (const auto& record : records_of(*machine)) {
    for (size_t size = 4; size < record.size(); ++size)
      folds(*machine, before, signed_again(record.substr(0, size)));
    for (size_t at = 0; at + 4 < record.size(); ++at) {
      for (const int byte : {0x00, 0x01, 0x05, 0x07, 0x09, 0x7f, 0x80, 0xfe, 0xff}) {
        std::string damaged = record;
        damaged[at] = static_cast<char>(byte);
        folds(*machine, before, signed_again(damaged));
      }
    }
    before.push_back(record);
  }
}

json::Value wide_input() {
  json::Value::Object members;
  for (int i = 0; i < 500; ++i)
    members.push_back({concat("member ", i), std::string(10'000, static_cast<char>('a' + i % 26))});
  return members;
}

// The record of a whole execution that waits for nothing, after it has been folded back.
std::string only_record(const std::string& definition, const json::Value& input) {
  const auto machine = machine_of(definition);
  Execution execution(*machine, identity_of(input));
  const auto decision = execution.decide(Begin{}, {execution.identity().started});
  EXPECT_EQ(execution.status(), Status::succeeded);
  Execution replayed(*machine, identity_of(input));
  EXPECT_TRUE(replayed.replay(decision.record).has_value());
  EXPECT_EQ(replayed.status(), Status::succeeded);
  return decision.record;
}

TEST(record, of_a_chain_over_a_large_input_costs_a_few_bytes_for_each_state) {
  std::string definition = R"({"StartAt": "S0", "States": {)";
  for (int i = 0; i < 100; ++i)
    definition += concat("\"S", i, "\": {\"Type\": \"Pass\", \"Next\": \"S", i + 1, "\"},");
  definition += R"("S100": {"Type": "Succeed"}}})";
  EXPECT_LT(only_record(definition, wide_input()).size(), 1000u);
}

TEST(record, of_a_result_put_into_a_large_input_costs_the_result) {
  const auto record = only_record(R"({"StartAt": "A", "States": {
    "A": {"Type": "Pass", "Result": "a result of some length", "ResultPath": "$.result",
      "Next": "B"},
    "B": {"Type": "Pass", "Result": [1, 2, 3], "ResultPath": "$.result", "End": true}}})",
                                  wide_input());
  EXPECT_LT(record.size(), 200u);
}

TEST(record, of_each_of_many_iterations_does_not_grow_with_their_number) {
  const auto machine = machine_of(R"({"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
    "MaxConcurrency": 1, "ItemProcessor": {"StartAt": "T", "States": {"T": {"Type": "Task",
    "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "End": true}}}}}})");
  json::Value::Array items;
  for (int i = 0; i < 60; ++i) items.push_back(concat("the item of number ", i));
  Rehearsal rehearsal(*machine, items);
  rehearsal.decide(Begin{});
  for (EffectId task = 1; task <= 60; ++task)
    rehearsal.decide(TaskSucceeded{task, "the result of the task"});
  ASSERT_EQ(rehearsal.execution().status(), Status::succeeded);
  for (size_t i = 1; i < 60; ++i) EXPECT_LT(rehearsal.records()[i].size(), 90u);
}

}  // namespace
}  // namespace pawl::execution
