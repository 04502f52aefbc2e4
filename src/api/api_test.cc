#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/fields.h"
#include "api/states/actions.h"
#include "base/text.h"
#include "json/parse.h"
#include "sim/server.h"

namespace pawl::api {
namespace {

using json::Value;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* pass = R"({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}})";
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
      return server_.call<Value>([&](auto reply) {
        row.action({server_.engine(), functions_}, input, reply);
      });
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
};

TEST(field, that_is_required_may_not_be_null_nor_of_another_type) {
  EXPECT_THAT(required_text(parsed("{}"), "name").error().message(),
              EndsWith("Value null at 'name' failed to satisfy constraint: "
                       "Member must not be null"));
  EXPECT_THAT(required_text(parsed(R"({"name": null})"), "name").error().message(),
              HasSubstr("Member must not be null"));
  EXPECT_THAT(required_text(parsed(R"({"name": 1})"), "name").error().message(),
              StartsWith("SerializationException: "));
}

TEST(field, has_a_length_in_characters_and_not_in_bytes) {
  EXPECT_EQ(required_text(parsed(R"({"name": "äöü"})"), "name", 3).value(), "äöü");
  EXPECT_THAT(required_text(parsed(R"({"name": "äöü"})"), "name", 2).error().message(),
              EndsWith("Value 'äöü' at 'name' failed to satisfy constraint: "
                       "Member must have length less than or equal to 2"));
  EXPECT_THAT(required_text(parsed(R"({"name": ""})"), "name", 2).error().message(),
              EndsWith("Member must have length greater than or equal to 1"));
  EXPECT_EQ(bounded_text(parsed("{}"), "cause", 1).value(), "");
  EXPECT_TRUE(bounded_text(parsed(R"({"cause": "𝄞"})"), "cause", 2).has_value());
  EXPECT_FALSE(bounded_text(parsed(R"({"cause": "𝄞"})"), "cause", 1).has_value());
}

TEST(field, of_a_number_has_bounds_and_zero_means_that_nothing_was_asked) {
  const Bounds bounds{.least = 0, .most = 9, .otherwise = 5};
  EXPECT_EQ(bounded_number(parsed("{}"), "n", bounds).value(), 5);
  EXPECT_EQ(bounded_number(parsed(R"({"n": 0})"), "n", bounds).value(), 5);
  EXPECT_EQ(bounded_number(parsed(R"({"n": 9})"), "n", bounds).value(), 9);
  EXPECT_THAT(bounded_number(parsed(R"({"n": 10})"), "n", bounds).error().message(),
              EndsWith("Member must have value less than or equal to 9"));
  EXPECT_THAT(bounded_number(parsed(R"({"n": -1})"), "n", bounds).error().message(),
              EndsWith("Member must have value greater than or equal to 0"));
}

TEST(field, of_a_few_words_takes_no_other) {
  EXPECT_EQ(one_of(parsed("{}"), "hue", {"RED", "BLUE"}, "RED").value(), "RED");
  EXPECT_EQ(one_of(parsed(R"({"hue": "BLUE"})"), "hue", {"RED", "BLUE"}, "RED").value(), "BLUE");
  for (const auto* input : {R"({"hue": "red"})", R"({"hue": ""})"})
    EXPECT_THAT(one_of(parsed(input), "hue", {"RED", "BLUE"}, "").error().message(),
                EndsWith("Member must satisfy enum value set: [RED, BLUE]"));
}

TEST(field, that_is_not_offered_is_refused_by_name_unless_it_says_nothing) {
  EXPECT_TRUE(refuse_unsupported(parsed(R"({"tags": [], "other": 1})"), {"tags"}).has_value());
  EXPECT_EQ(refuse_unsupported(parsed(R"({"tags": [1]})"), {"tags"}).error().message(),
            "ValidationException: the member tags is not supported");
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
                      Value::object({{"name", name}, {"definition", pass}, {"roleArn", "role"}})),
              EndsWith("Member must have length less than or equal to 80"));
  EXPECT_THAT(
      refusal("DescribeExecution", Value::object({{"executionArn", std::string(257, 'a')}})),
      EndsWith("Member must have length less than or equal to 256"));
}

TEST_F(actions, refuse_what_is_no_type_of_machine_and_what_is_not_offered_yet) {
  const auto asked = Value::object({{"name", "m"}, {"definition", pass}, {"roleArn", "role"}});
  EXPECT_THAT(refusal("CreateStateMachine", asked.with("type", "EXPRESS")),
              StartsWith("StateMachineTypeNotSupported: "));
  EXPECT_THAT(refusal("CreateStateMachine", asked.with("type", "SLOW")),
              HasSubstr("Value 'SLOW' at 'type' failed to satisfy constraint"));
  EXPECT_THAT(refusal("ValidateStateMachineDefinition",
                      Value::object({{"definition", pass}, {"severity", "NOTE"}})),
              HasSubstr("Value 'NOTE' at 'severity' failed to satisfy constraint"));
}

TEST_F(actions, show_a_history_in_pages_in_both_directions) {
  const auto arn = started(pass);
  EXPECT_EQ(pages(arn, 3, false), "[1 2 3][4]");
  EXPECT_EQ(pages(arn, 3, true), "[4 3 2][1]");
  EXPECT_EQ(pages(arn, 2, false), "[1 2][3 4]");
  EXPECT_EQ(pages(arn, 2, true), "[4 3][2 1]");
  EXPECT_EQ(pages(arn, 1000, true), "[4 3 2 1]");
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
  EXPECT_EQ(reason(failed), "Redrive is not supported by this server");
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
