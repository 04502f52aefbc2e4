#include "asl/choice.h"

#include <gtest/gtest.h>

#include "asl/choice/rule.h"
#include "base/text.h"
#include "json/parse.h"

namespace pawl::asl {
namespace {

using json::Value;

Value parse(std::string_view text) { return json::parse(text).value(); }

// "true", "false", the failure's cause, or what is wrong with the rule.
std::string holds(std::string_view rule, std::string_view input) {
  auto condition = Condition::compile(parse(rule));
  if (!condition) return condition.error().message();
  const Value in = parse(input), context = parse(R"({"limit":5})");
  const auto answer = condition->holds(Scope{in, context});
  return answer ? (*answer ? "true" : "false") : answer.error().cause;
}

// The comparison of $.v, which is `value`, by one operator.
bool compares(std::string_view operation, std::string_view operand, std::string_view value) {
  return holds(concat(R"({"Variable":"$.v",")", operation, "\":", operand, "}"),
               concat("{\"v\":", value, "}")) == "true";
}

struct Row {
  const char* operation;
  const char* operand;
  std::vector<const char*> holding, failing;
};

TEST(choice, compares_by_kind) {
  const std::vector<Row> rows{
      {"StringEquals", "\"b\"", {"\"b\""}, {"\"B\"", "1", "null"}},
      {"StringLessThan", "\"b\"", {"\"a\"", "\"B\""}, {"\"b\"", "0"}},
      {"StringGreaterThan", "\"b\"", {"\"c\"", "\"ba\""}, {"\"b\"", "9"}},
      {"StringLessThanEquals", "\"b\"", {"\"b\"", "\"a\""}, {"\"c\"", "true"}},
      {"StringGreaterThanEquals", "\"b\"", {"\"b\"", "\"c\""}, {"\"a\"", "[]"}},
      {"NumericEquals", "2", {"2", "2.0"}, {"\"2\"", "2.1", "null"}},
      {"NumericLessThan", "2", {"1.9", "-3"}, {"2", "\"1\""}},
      {"NumericGreaterThan", "2", {"2.1"}, {"2", "\"3\""}},
      {"NumericLessThanEquals", "2", {"2", "1"}, {"3"}},
      {"NumericGreaterThanEquals", "2", {"2", "3"}, {"1", "{}"}},
      {"NumericLessThan", "9007199254740993", {"9007199254740992"}, {"9007199254740993"}},
      {"BooleanEquals", "true", {"true"}, {"false", "\"true\"", "1", "null"}},
      {"TimestampEquals",
       "\"2020-01-01T00:00:00Z\"",
       {"\"2020-01-01T01:00:00+01:00\""},
       {"\"2020-01-01T00:00:01Z\"", "\"2020-01-01\"", "0"}},
      {"TimestampLessThan",
       "\"2020-01-01T00:00:00Z\"",
       {"\"2019-12-31T23:59:59.9Z\""},
       {"\"2020-01-01T00:00:00Z\""}},
      {"TimestampGreaterThanEquals",
       "\"2020-01-01T00:00:00Z\"",
       {"\"2020-01-01T00:00:00Z\""},
       {"\"2019-01-01T00:00:00Z\""}},
      {"StringMatches",
       "\"log-*.txt\"",
       {"\"log-.txt\"", "\"log-a.b.txt\""},
       {"\"log-a.txt.gz\"", "\"xlog-a.txt\"", "5"}},
      {"IsNull", "true", {"null"}, {"0", "\"\""}},
      {"IsNull", "false", {"0"}, {"null"}},
      {"IsPresent", "true", {"null", "1"}, {}},
      {"IsNumeric", "true", {"1", "1.5"}, {"\"1\"", "null"}},
      {"IsString", "true", {"\"\""}, {"1"}},
      {"IsBoolean", "true", {"false"}, {"\"true\"", "0"}},
      {"IsTimestamp", "true", {"\"2020-01-01T00:00:00Z\""}, {"\"2020-01-01\"", "1"}},
  };
  for (const Row& row : rows) {
    for (const char* value : row.holding)
      EXPECT_TRUE(compares(row.operation, row.operand, value)) << row.operation << " " << value;
    for (const char* value : row.failing)
      EXPECT_FALSE(compares(row.operation, row.operand, value)) << row.operation << " " << value;
  }
}

TEST(choice, compares_with_the_value_at_a_path) {
  EXPECT_EQ(holds(R"({"Variable":"$.v","NumericLessThanPath":"$.w"})", R"({"v":1,"w":2})"), "true");
  EXPECT_EQ(holds(R"({"Variable":"$.v","NumericEqualsPath":"$$.limit"})", R"({"v":5})"), "true");
  EXPECT_EQ(holds(R"({"Variable":"$.v","StringEqualsPath":"$.w"})", R"({"v":"a","w":1})"), "false");
  EXPECT_EQ(holds(R"({"Variable":"$.v","BooleanEqualsPath":"$.w"})", R"({"v":true,"w":true})"),
            "true");
}

TEST(choice, joins_rules) {
  const char* one = R"({"Variable":"$.a","IsPresent":true})";
  const char* two = R"({"Variable":"$.b","IsPresent":true})";
  const std::string both = concat(R"({"And":[)", one, ",", two, "]}");
  const std::string either = concat(R"({"Or":[)", one, ",", two, "],\"Next\":\"X\"}");
  const std::string neither = concat(R"({"Not":)", either.substr(0, either.find(",\"Next")), "}}");
  struct Answers {
    const char *input, *both, *either, *neither;
  };
  for (const Answers& row : std::vector<Answers>{{R"({"a":1,"b":1})", "true", "true", "false"},
                                                 {R"({"a":1})", "false", "true", "false"},
                                                 {R"({"b":1})", "false", "true", "false"},
                                                 {"{}", "false", "false", "true"}}) {
    EXPECT_EQ(holds(both, row.input), row.both);
    EXPECT_EQ(holds(either, row.input), row.either);
    EXPECT_EQ(holds(neither, row.input), row.neither);
  }
}

TEST(choice, does_not_look_at_rules_after_the_decisive_one) {
  EXPECT_EQ(holds(R"({"And":[{"Variable":"$.a","IsPresent":true},
                             {"Variable":"$.a","NumericEquals":1}]})",
                  "{}"),
            "false");
}

TEST(choice, fails_where_a_path_names_nothing) {
  const char* failure =
      "Invalid path '$.x': The choice state's condition path references an invalid value.";
  EXPECT_EQ(holds(R"({"Variable":"$.x","StringEquals":"a"})", "{}"), failure);
  EXPECT_EQ(holds(R"({"Variable":"$.x","IsNull":true})", "{}"), failure);
  EXPECT_EQ(holds(R"({"Variable":"$.v","StringEqualsPath":"$.x"})", R"({"v":"a"})"), failure);
  EXPECT_EQ(holds(R"({"Variable":"$.x","IsPresent":false})", "{}"), "true");
}

TEST(choice, matches_asterisks_and_escapes) {
  struct Match {
    const char *text, *pattern;
    bool matches;
  };
  for (const Match& row : std::vector<Match>{{"", "", true},
                                             {"", "*", true},
                                             {"a", "", false},
                                             {"abc", "a*c", true},
                                             {"abc", "*b*", true},
                                             {"abcbd", "*b", false},
                                             {"aXbXc", "a*b*c", true},
                                             {"mississippi", "m*iss*ip*", true},
                                             {"a*c", "a\\*c", true},
                                             {"abc", "a\\*c", false},
                                             {"a\\c", "a\\\\c", true},
                                             {"a\\bc", "a\\\\*", true},
                                             {"a*", "a\\*", true}})
    EXPECT_EQ(choice::matches(row.text, row.pattern), row.matches)
        << row.text << " " << row.pattern;
  EXPECT_FALSE(choice::matches(std::string(5'000, 'a'), "*a*a*a*a*a*a*a*a*a*a*a*b"));
  // By n times m this would take hours.
  const std::string many(20'000'000, 'a');
  EXPECT_FALSE(choice::matches(many, "*" + many.substr(0, 1'000'000) + "b*"));
  EXPECT_FALSE(choice::matches("aba", "ab*ba"));
}

TEST(choice, refuses_rules_that_are_not_well_formed) {
  struct Fault {
    const char *rule, *message;
  };
  for (const Fault& row : std::vector<Fault>{
           {"[]", "Expected value of type Object for a Choice Rule"},
           {R"({"Variable":"$.a"})", "A Choice Rule needs a comparison operator"},
           {R"({"StringEquals":"a"})", "These fields are required: [Variable]"},
           {R"({"Variable":"$.a","StringEqual":"a"})", "Field 'StringEqual' is not supported"},
           {R"({"Variable":"$.a","BooleanLessThan":true})",
            "Field 'BooleanLessThan' is not supported"},
           {R"({"Variable":"$.a","StringMatchesPath":"$.b"})",
            "Field 'StringMatchesPath' is not supported"},
           {R"({"Variable":"$.a","NumericEquals":"1"})",
            "Expected value of type Number for 'NumericEquals'"},
           {R"({"Variable":"$.a","TimestampEquals":"today"})",
            "String does not match RFC3339 timestamp for 'TimestampEquals'"},
           {R"({"Variable":"$.a","IsNull":1})", "Expected value of type Boolean for 'IsNull'"},
           {R"({"Variable":"$.a[*]","IsNull":true})", "Value is not a Reference Path: '$.a[*]'"},
           {R"({"Variable":"$.a","IsNull":true,"IsPresent":true})",
            "There should only be one of the following fields: [IsNull, IsPresent]"},
           {R"({"And":[]})", "Value cannot be empty"},
           {R"({"Not":{"Variable":"$.a","IsNull":true,"Next":"B"}})",
            "Field 'Next' is not supported in a nested rule"}})
    EXPECT_EQ(holds(row.rule, "{}"), row.message) << row.rule;
}

}  // namespace
}  // namespace pawl::asl
