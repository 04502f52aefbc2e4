#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/shapes.h"
#include "base/text.h"
#include "execution/map_run.h"
#include "json/parse.h"
#include "sim/server.h"

namespace pawl::api {
namespace {

using json::Value;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* pass = R"({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}})";
constexpr const char* role = "arn:aws:iam::111122223333:role/r";
constexpr const char* wait = R"({"StartAt": "W", "States": {"W": {"Type": "Wait",
    "Seconds": 60, "End": true}}})";
constexpr const char* fail = R"({"StartAt": "F", "States": {"F": {"Type": "Fail",
    "Error": "Broken", "Cause": "on purpose"}}})";

Value parsed(std::string_view text) { return json::parse(text).value(); }

// The actions before an engine on simulated ground.
class actions : public ::testing::Test {
 protected:
  Result<Value> ask(std::string_view operation, const Value& input) {
    for (const auto& row : states::actions()) {
      if (row.operation != operation) continue;
      TRY(check_shape(input, states::shape_of(operation)));
      return server_.call<Value>([&](auto reply) { row.action(rooms(), input, reply); });
    }
    return Error(ErrorCode::not_found, "no such operation");
  }
  std::string refusal(std::string_view operation, const Value& input) {
    const auto answer = ask(operation, input);
    return answer ? "accepted" : answer.error().message();
  }
  // An execution of such a machine, as far as it comes without time passing.
  std::string started(const char* definition) {
    const auto machine = server_.create_machine("m", definition);
    const auto arn = server_.start("m").value().execution_arn;
    server_.settle();
    return arn;
  }
  // The ids of all events, a page in brackets, following the tokens to the end.
  std::string pages(const std::string& arn, int64_t size, bool is_reverse) {
    std::string shown;
    Value token;
    do {
      auto input = Value::object(
          {{"executionArn", arn}, {"maxResults", size}, {"reverseOrder", is_reverse}});
      if (!token.is_null()) input = input.with("nextToken", token);
      const Value page = ask("GetExecutionHistory", input).value();
      std::vector<std::string> ids;
      const Value events = page["events"];
      for (const auto& event : events.elements()) ids.push_back(concat(event["id"].integer()));
      shown += concat("[", join(ids, " "), "]");
      token = page["nextToken"];
    } while (!token.is_null());
    return shown;
  }

  sim::Server server_;
  functions::Registry registry_;
  functions::Runtime functions_{registry_, {}, server_.clock};
  Rooms rooms() { return {server_.engine(), functions_, services_, jobs_, random_, schedules_}; }

  integrations::Services services_{{}, functions_, server_.clock};
  batch::JobLoop jobs_{{}, server_.engine(), server_.store(), server_.clock};
  sim::SimRandom random_{1};
  schedules::Scheduler schedules_{server_.engine(), server_.store(), server_.clock};
};

constexpr std::string_view hues[] = {"RED", "BLUE"};
constexpr Member part[] = {{.name = "weight", .kind = Kind::number, .most = 9}};
constexpr Member shape[] = {
    {.name = "name", .is_required = true, .least = 1, .most = 3},
    {.name = "hue", .words = hues},
    {.name = "size", .kind = Kind::number, .least = 2, .most = 4},
    {.name = "parts", .kind = Kind::list, .most = 2, .members = part, .type_name = "Part"},
};

std::string wrong(std::string_view text) {
  const auto checked = check_shape(parsed(text), shape);
  return checked.has_value() ? "nothing" : checked.error().message();
}

TEST(shape, has_members_that_may_not_be_null_nor_of_another_kind) {
  constexpr const char* missing =
      "ValidationException: 1 validation error detected: Value null at 'name' failed to satisfy "
      "constraint: Member must not be null";
  EXPECT_EQ(wrong("{}"), missing);
  EXPECT_EQ(wrong(R"({"name": null})"), missing);
  EXPECT_EQ(wrong(R"({"name": "n", "hue": null, "other": 1})"), "nothing");
  EXPECT_THAT(wrong(R"({"name": 1})"), StartsWith("SerializationException: "));
  EXPECT_THAT(wrong(R"({"name": "n", "parts": [1]})"),
              StartsWith("SerializationException: the member parts.1.member "));
}

TEST(shape, counts_characters_as_the_service_does) {
  EXPECT_EQ(wrong(R"({"name": "äöü"})"), "nothing");
  EXPECT_EQ(wrong(R"({"name": "𝄞"})"), "nothing");
  EXPECT_THAT(wrong(R"({"name": "𝄞𝄞"})"),
              EndsWith("Value '𝄞𝄞' at 'name' failed to satisfy constraint: "
                       "Member must have length less than or equal to 3"));
  EXPECT_THAT(wrong(R"({"name": ""})"),
              EndsWith("Member must have length greater than or equal to 1"));
}

TEST(shape, says_only_the_beginning_of_a_long_value) {
  std::string long_name(5000, 'x');
  for (size_t at = 1; at + 1 < long_name.size(); at += 2) long_name.replace(at, 2, "ä");
  const std::string text = wrong(concat(R"({"name": ")", long_name, R"("})"));
  EXPECT_LT(text.size(), 2000);
  EXPECT_THAT(text, HasSubstr("ä…' at 'name' failed to satisfy constraint"));
}

TEST(shape, bounds_numbers_and_takes_no_word_that_it_does_not_know) {
  EXPECT_EQ(wrong(R"({"name": "n", "size": 4, "hue": "BLUE"})"), "nothing");
  EXPECT_THAT(wrong(R"({"name": "n", "size": 5})"),
              EndsWith("Value '5' at 'size' failed to satisfy constraint: "
                       "Member must have value less than or equal to 4"));
  EXPECT_THAT(wrong(R"({"name": "n", "size": 2.5})"), StartsWith("SerializationException: "));
  EXPECT_THAT(wrong(R"({"name": "n", "size": 1})"),
              EndsWith("Member must have value greater than or equal to 2"));
  EXPECT_THAT(wrong(R"({"name": "n", "hue": "red"})"),
              EndsWith("Member must satisfy enum value set: [RED, BLUE]"));
}

TEST(shape, says_all_that_is_wrong_at_once_and_where_in_a_list) {
  EXPECT_EQ(wrong(R"({"hue": "", "parts": [{"weight": 1}, {"weight": 10}]})"),
            "ValidationException: 3 validation errors detected: "
            "Value null at 'name' failed to satisfy constraint: Member must not be null; "
            "Value '' at 'hue' failed to satisfy constraint: "
            "Member must satisfy enum value set: [RED, BLUE]; "
            "Value '10' at 'parts.2.member.weight' failed to satisfy constraint: "
            "Member must have value less than or equal to 9");
  EXPECT_THAT(wrong(R"({"name": "n", "parts": [{"weight": 1}, {}, {}]})"),
              HasSubstr("Value '[Part(weight=1), Part(), Part()]' at 'parts'"));
}

TEST(shape, is_known_of_every_operation_that_is_offered) {
  for (const auto& row : states::actions())
    EXPECT_FALSE(states::shape_of(row.operation).empty()) << row.operation;
}

TEST(arn, is_refused_for_its_prefix_its_service_or_its_kind) {
  EXPECT_TRUE(check_arn("arn:aws:states:r:1:execution:m:e", "execution").has_value());
  EXPECT_EQ(check_arn("nonsense", "execution").error().message(),
            "InvalidArn: Invalid Arn: 'Invalid ARN prefix: nonsense'");
  EXPECT_EQ(check_arn("arn:aws:s3:r:1:execution:m:e", "execution").error().message(),
            "InvalidArn: Invalid Arn: 'Invalid service in ARN: s3'");
  EXPECT_EQ(check_arn("arn:aws:states:r:1:stateMachine:m", "execution").error().message(),
            "InvalidArn: Invalid Arn: 'Resource type not valid in this context: stateMachine'");
}

TEST_F(actions, refuse_names_that_are_too_long_before_the_engine_hears_of_them) {
  const std::string name(81, 'n');
  EXPECT_THAT(refusal("CreateStateMachine",
                      Value::object({{"name", name}, {"definition", pass}, {"roleArn", role}})),
              EndsWith("Member must have length less than or equal to 80"));
  EXPECT_THAT(
      refusal("DescribeExecution", Value::object({{"executionArn", std::string(257, 'a')}})),
      EndsWith("Member must have length less than or equal to 256"));
}

TEST_F(actions, refuse_words_that_the_service_does_not_know) {
  const auto asked = Value::object({{"name", "m"}, {"definition", pass}, {"roleArn", role}});
  EXPECT_THAT(refusal("CreateStateMachine", asked.with("type", "SLOW")),
              HasSubstr("Value 'SLOW' at 'type' failed to satisfy constraint"));
  EXPECT_THAT(refusal("ValidateStateMachineDefinition",
                      Value::object({{"definition", pass}, {"severity", "NOTE"}})),
              HasSubstr("Value 'NOTE' at 'severity' failed to satisfy constraint"));
}

TEST_F(actions, show_configurations_as_they_were_given_and_refuse_keys_of_the_customer) {
  const Value group = Value::object({{"logGroupArn", "arn:aws:logs:r:1:log-group:g:*"}});
  const Value logging = Value::object(
      {{"level", "ALL"},
       {"includeExecutionData", true},
       {"destinations", Value::array({Value::object({{"cloudWatchLogsLogGroup", group}})})}});
  const auto asked = Value::object({{"name", "m"}, {"definition", pass}, {"roleArn", role}});
  const auto arn = ask("CreateStateMachine", asked.with("loggingConfiguration", logging))
                       .value()
                       .string_at("stateMachineArn")
                       .value();
  const auto input = Value::object({{"stateMachineArn", arn}});
  EXPECT_EQ(ask("DescribeStateMachine", input).value()["loggingConfiguration"], logging);
  const Value tracing = Value::object({{"enabled", true}});
  ASSERT_TRUE(ask("UpdateStateMachine", input.with("tracingConfiguration", tracing)));
  const Value shown = ask("DescribeStateMachine", input).value();
  EXPECT_EQ(shown["loggingConfiguration"], logging);
  EXPECT_EQ(shown["tracingConfiguration"], tracing);
  EXPECT_TRUE(shown["revisionId"].is_string());

  EXPECT_THAT(refusal("UpdateStateMachine",
                      input.with("loggingConfiguration", Value::object({{"level", "ALL"}}))),
              StartsWith("InvalidLoggingConfiguration: "));
  EXPECT_THAT(
      refusal("UpdateStateMachine", input.with("encryptionConfiguration",
                                               Value::object({{"type", "CUSTOMER_MANAGED_KMS_KEY"},
                                                              {"kmsKeyId", "alias/k"}}))),
      StartsWith("InvalidEncryptionConfiguration: "));
}

TEST_F(actions, run_an_express_machine_to_its_end_and_keep_what_the_service_forgets) {
  const auto asked = Value::object({{"name", "m"}, {"definition", pass}, {"roleArn", role}});
  ASSERT_TRUE(ask("CreateStateMachine", asked.with("type", "EXPRESS")));
  const auto input =
      Value::object({{"stateMachineArn", sim::Server::machine_arn("m")}, {"input", R"({"a": 1})"}});
  const Value ended = ask("StartSyncExecution", input.with("name", "once")).value();
  EXPECT_EQ(ended["status"].string(), "SUCCEEDED");
  EXPECT_EQ(ended["output"].string(), R"({"a":1})");
  EXPECT_EQ(ended["billingDetails"]["billedDurationInMilliseconds"].integer(), 100);
  const std::string arn(ended["executionArn"].string());
  EXPECT_THAT(arn, HasSubstr(":express:m:once:"));

  const auto about = Value::object({{"executionArn", arn}});
  EXPECT_EQ(refusal("DescribeExecution", about),
            "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'");
  Value kept;
  states::describe_any_execution(rooms(), about, [&](auto answer) { kept = answer.value(); });
  EXPECT_EQ(kept["status"].string(), "SUCCEEDED");
  EXPECT_THAT(refusal("ListExecutions", input),
              StartsWith("StateMachineTypeNotSupported: This operation is not supported"));
}

TEST_F(actions, refuse_what_is_no_role) {
  const auto asked = Value::object({{"name", "m"}, {"definition", pass}, {"roleArn", "foo"}});
  EXPECT_EQ(refusal("CreateStateMachine", asked), "InvalidArn: Invalid Role Arn: 'foo'");
  const auto change =
      Value::object({{"stateMachineArn", server_.create_machine("m", pass).value().arn},
                     {"roleArn", "arn:aws:iam::1:user/u"}});
  EXPECT_EQ(refusal("UpdateStateMachine", change),
            "InvalidArn: Invalid Role Arn: 'arn:aws:iam::1:user/u'");
}

TEST_F(actions, refuse_tags_that_only_the_service_may_give) {
  const auto tags = Value::array({Value::object({{"key", "aws:team"}, {"value", "x"}})});
  const auto machine = server_.create_machine("m", pass).value().arn;
  const auto asked = Value::object({{"name", "n"}, {"tags", tags}});
  EXPECT_THAT(refusal("CreateActivity", asked), StartsWith("ValidationException: Tag keys"));
  EXPECT_THAT(refusal("CreateStateMachine", asked.with("definition", pass).with("roleArn", role)),
              StartsWith("ValidationException: Tag keys"));
  EXPECT_THAT(refusal("TagResource", Value::object({{"resourceArn", machine}, {"tags", tags}})),
              StartsWith("ValidationException: Tag keys"));
}

TEST_F(actions, refuse_tags_with_characters_that_none_may_have) {
  const auto machine = server_.create_machine("m", pass).value().arn;
  const auto tagged = [&](std::string_view key, std::string_view value) {
    const auto tags = Value::array({Value::object({{"key", key}, {"value", value}})});
    return refusal("TagResource", Value::object({{"resourceArn", machine}, {"tags", tags}}));
  };
  for (const char* good : {"cost center", "a/b:c=d+e-f@g.h_i", "Größe", "7"}) {
    EXPECT_EQ(tagged(good, "x"), "accepted") << good;
    EXPECT_EQ(tagged("k", good), "accepted") << good;
  }
  for (const char* bad : {"a,b", "a#b", "100%", "<a>", "a|b", "\x01"}) {
    EXPECT_THAT(tagged(bad, "x"), StartsWith("ValidationException: Tag keys may have")) << bad;
    EXPECT_THAT(tagged("k", bad), StartsWith("ValidationException: Values of tags may")) << bad;
  }
}

TEST_F(actions, show_a_history_in_pages_in_both_directions) {
  const auto arn = started(pass);
  EXPECT_EQ(pages(arn, 3, false), "[1 2 3][4]");
  EXPECT_EQ(pages(arn, 3, true), "[4 3 2][1]");
  EXPECT_EQ(pages(arn, 2, false), "[1 2][3 4]");
  EXPECT_EQ(pages(arn, 2, true), "[4 3][2 1]");
  EXPECT_EQ(pages(arn, 1000, true), "[4 3 2 1]");
}

TEST_F(actions, end_a_page_of_a_history_with_the_event_that_passes_a_mebibyte) {
  const std::string machine = concat(R"x({"StartAt": "One", "States": {
                 "Both": {"Type": "Pass", "End": true,
                          "Parameters": {"x.$": "States.Format('{}{}', $.x, $.x)"}},
                 "One": {"Type": "Pass", "Next": "Both", "Result": {"x": ")x",
                                     std::string(600'000, 'x'), "\"}}}}");
  const auto arn = started(machine.c_str());
  EXPECT_EQ(pages(arn, 1000, false), "[1 2 3 4][5][6]");
  EXPECT_EQ(pages(arn, 1000, true), "[6][5][4 3][2 1]");
  EXPECT_EQ(pages(arn, 3, false), "[1 2 3][4 5][6]");
  const auto bare = Value::object({{"executionArn", arn}, {"includeExecutionData", false}});
  EXPECT_EQ(ask("GetExecutionHistory", bare).value()["events"].size(), 6u);
}

TEST_F(actions, show_no_event_twice_though_the_execution_goes_on_between_two_pages) {
  const auto arn = started(wait);
  const auto input =
      Value::object({{"executionArn", arn}, {"maxResults", 1}, {"reverseOrder", true}});
  const Value first = ask("GetExecutionHistory", input).value();
  EXPECT_EQ(first["events"].elements().front()["id"].integer(), 2);
  server_.pass(seconds(60));
  const Value second =
      ask("GetExecutionHistory", input.with("nextToken", first["nextToken"])).value();
  EXPECT_EQ(second["events"].elements().front()["id"].integer(), 1);
  EXPECT_EQ(second.find("nextToken"), nullptr);
}

TEST_F(actions, show_a_history_without_its_data_where_asked_and_refuse_tokens_of_others) {
  const auto arn = started(pass);
  const auto input = Value::object({{"executionArn", arn}, {"includeExecutionData", false}});
  const Value bare = ask("GetExecutionHistory", input).value();
  EXPECT_EQ(bare["events"].elements().front()["executionStartedEventDetails"].find("input"),
            nullptr);
  EXPECT_THAT(refusal("GetExecutionHistory", input.with("nextToken", "soon")),
              StartsWith("InvalidToken: Invalid Token: 'soon'"));
}

TEST_F(actions, say_of_an_execution_why_it_cannot_be_redriven) {
  const auto reason = [&](const std::string& arn) {
    const Value shown = ask("DescribeExecution", Value::object({{"executionArn", arn}})).value();
    EXPECT_EQ(shown["redriveStatus"].string(), "NOT_REDRIVABLE");
    return std::string(shown["redriveStatusReason"].string());
  };
  const auto arn = started(wait);
  EXPECT_EQ(reason(arn), "Execution is RUNNING and cannot be redriven");
  server_.pass(seconds(60));
  EXPECT_EQ(reason(arn), "Execution is SUCCEEDED and cannot be redriven");
  server_.create_machine("broken", fail).value();
  const auto failed = server_.start("broken").value().execution_arn;
  server_.settle();
  const Value shown = ask("DescribeExecution", Value::object({{"executionArn", failed}})).value();
  EXPECT_EQ(shown["redriveStatus"].string(), "REDRIVABLE");
  EXPECT_EQ(shown.find("redriveStatusReason"), nullptr);
}

TEST_F(actions, name_the_execution_whose_stored_data_are_damaged_and_what_to_do) {
  const auto arn = started(fail);
  std::string& record = server_.disk.records.begin()->second.front();
  record[record.size() / 2] ^= 1;
  for (const char* operation : {"DescribeExecution", "GetExecutionHistory", "RedriveExecution"}) {
    const auto answer = ask(operation, Value::object({{"executionArn", arn}}));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), ErrorCode::corrupt);
    EXPECT_EQ(answer.error().text(),
              concat("the stored data of ", arn, ": record: checksum is wrong; hint: Restore the ",
                     "data directory from a backup."));
  }
}

TEST_F(actions, redrive_no_child_of_a_map_run_on_its_own) {
  server_
      .create_machine("m", R"({"StartAt": "Each", "States": {"Each": {"Type": "Map",
      "ItemsPath": "$.items", "End": true, "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "F",
        "States": {"F": {"Type": "Fail", "Error": "Broken"}}}}}})")
      .value();
  const auto arn = server_.start("m", parsed(R"({"items": [1]})")).value().execution_arn;
  server_.settle();
  const Value runs = ask("ListMapRuns", Value::object({{"executionArn", arn}})).value();
  const std::string run(runs["mapRuns"].elements().front()["mapRunArn"].string());
  const auto of_child = [&](int64_t index) {
    return Value::object({{"executionArn", execution::child_arn({run, index})}});
  };
  EXPECT_EQ(refusal("RedriveExecution", of_child(0)),
            "ExecutionNotRedrivable: A child of a Map Run is not redriven on its own");
  EXPECT_THAT(refusal("RedriveExecution", of_child(1)), StartsWith("ExecutionDoesNotExist: "));
  EXPECT_THAT(refusal("StopExecution", of_child(0)),
              HasSubstr("A child of a Map Run cannot be stopped on its own"));
}

TEST_F(actions, list_the_executions_of_a_machine_by_their_status) {
  started(pass);
  const auto input = Value::object({{"stateMachineArn", sim::Server::machine_arn("m")}});
  const Value all = ask("ListExecutions", input).value();
  ASSERT_EQ(all["executions"].size(), 1);
  EXPECT_EQ(all["executions"].elements().front()["redriveCount"].integer(), 0);
  const Value failed = ask("ListExecutions", input.with("statusFilter", "FAILED")).value();
  EXPECT_EQ(failed["executions"].size(), 0);
  EXPECT_THAT(refusal("ListExecutions", input.with("statusFilter", "DONE")),
              HasSubstr("Value 'DONE' at 'statusFilter' failed to satisfy constraint"));
}

}  // namespace
}  // namespace pawl::api
