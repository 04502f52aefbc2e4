#include "functions/target.h"

#include <gtest/gtest.h>

#include "json/parse.h"
#include "json/write.h"

namespace pawl::functions {
namespace {

constexpr const char* execution = "arn:aws:states:eu-west-1:111122223333:execution:machine:name";

TEST(target, is_read_from_every_form_of_a_name) {
  struct Row {
    const char *text, *arn;
  };
  for (const Row& row : {
           Row{"copy", "arn:aws:lambda:eu-west-1:111122223333:function:copy"},
           Row{"copy:$LATEST", "arn:aws:lambda:eu-west-1:111122223333:function:copy"},
           Row{"copy:7", "arn:aws:lambda:eu-west-1:111122223333:function:copy:7"},
           Row{"444455556666:function:copy", "arn:aws:lambda:eu-west-1:444455556666:function:copy"},
           Row{"arn:aws:lambda:us-east-1:000000000000:function:copy:live",
               "arn:aws:lambda:us-east-1:000000000000:function:copy:live"},
       }) {
    const auto target = parse_target(row.text);
    ASSERT_TRUE(target) << row.text;
    EXPECT_EQ(target->name, "copy");
    EXPECT_EQ(target->arn(execution), row.arn);
  }
}

TEST(target, is_not_read_from_anything_else) {
  for (const char* text :
       {"", ":", "copy:", "a:b:c", "arn:aws:lambda:us-east-1:0:function:",
        "arn:aws:lambda:us-east-1:0:layer:copy", "arn:aws:lambda:us-east-1:0:function:copy:1:2"})
    EXPECT_FALSE(parse_target(text)) << text;
}

TEST(target, tells_function_arns_and_the_integration_from_other_resources) {
  EXPECT_TRUE(is_function_arn("arn:aws:lambda:us-east-1:000000000000:function:copy"));
  EXPECT_TRUE(is_function_arn("arn:aws:lambda:us-east-1:000000000000:function:copy:$LATEST"));
  for (const char* text : {"copy", "arn:aws:states:::lambda:invoke", "arn:aws:lambda:::function:",
                           "arn:aws:states:us-east-1:000000000000:activity:copy"})
    EXPECT_FALSE(is_function_arn(text)) << text;
  EXPECT_TRUE(is_invoke_integration("arn:aws:states:::lambda:invoke"));
  for (const char* text :
       {"arn:aws:states:::lambda:invoke.waitForTaskToken", "arn:aws:states:::states:startExecution",
        "arn:aws:lambda:us-east-1:000000000000:function:copy"})
    EXPECT_FALSE(is_invoke_integration(text)) << text;
}

TEST(invocation, has_a_function_and_a_payload) {
  const auto invocation =
      parse_invocation(*json::parse(R"({"FunctionName":"copy","Qualifier":"7","Payload":{"a":[1]},)"
                                    R"("InvocationType":"RequestResponse"})"));
  ASSERT_TRUE(invocation);
  EXPECT_EQ(invocation->target.name, "copy");
  EXPECT_EQ(invocation->target.version, "7");
  EXPECT_EQ(json::write(invocation->payload), R"({"a":[1]})");
  EXPECT_EQ(json::write(parse_invocation(*json::parse(R"({"FunctionName":"copy"})"))->payload),
            "{}");
}

TEST(invocation, refuses_by_name_what_is_not_supported) {
  for (const char* text : {"[]", "{}", R"({"FunctionName":7})", R"({"FunctionName":"a:b:c"})",
                           R"({"FunctionName":"copy","InvocationType":"DryRun"})",
                           R"({"FunctionName":"copy","ClientContext":"x"})"}) {
    const auto invocation = parse_invocation(*json::parse(text));
    ASSERT_FALSE(invocation) << text;
    EXPECT_EQ(invocation.error().error, "States.Runtime");
  }
}

}  // namespace
}  // namespace pawl::functions
