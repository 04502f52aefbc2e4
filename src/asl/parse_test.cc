#include "asl/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace pawl::asl {
namespace {

// "CODE at LOCATION: message" of every finding, one a line.
std::string findings(std::string_view definition) {
  std::string text;
  for (const Diagnostic& found : parse_definition(definition).diagnostics)
    text += concat(found.code, " at ", found.location, ": ", found.message, "\n");
  return text;
}

// A machine of one state, of which only the fields matter.
std::string machine_of(std::string_view fields) {
  return concat(R"({"StartAt":"A","States":{"A":{)", fields, "}}}");
}

std::string only_finding(std::string_view fields) { return findings(machine_of(fields)); }

TEST(parse, knows_one_version_of_the_language) {
  const auto of_version = [](std::string_view version) {
    return findings(
        concat(R"({"Version":)", version, R"(,"StartAt":"A","States":{"A":{"Type":"Succeed"}}})"));
  };
  EXPECT_EQ(of_version(R"("1.0")"), "");
  for (const char* other : {R"("2.0")", R"("1")", R"("")"})
    EXPECT_EQ(of_version(other),
              "SCHEMA_VALIDATION_FAILED at /Version: The field 'Version' should have one of these "
              "values: [1.0]\n");
}

TEST(parse, takes_every_kind_of_state) {
  const auto parsed = parse_definition(R"json({
    "Comment": "all of them", "Version": "1.0", "TimeoutSeconds": 60, "StartAt": "P",
    "States": {
      "P": {"Type": "Pass", "Result": {"n": 1}, "ResultPath": "$.p", "Next": "T"},
      "T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f",
            "Parameters": {"x.$": "$.p.n"}, "ResultSelector": {"r.$": "$"}, "ResultPath": null,
            "TimeoutSecondsPath": "$.p.n", "HeartbeatSeconds": 5,
            "Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 2, "MaxAttempts": 4,
                       "BackoffRate": 1.5, "MaxDelaySeconds": 30, "JitterStrategy": "FULL"},
                      {"ErrorEquals": ["States.ALL"]}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "F", "ResultPath": "$.error"}],
            "Next": "C"},
      "C": {"Type": "Choice", "Default": "W",
            "Choices": [{"Variable": "$.a", "IsPresent": true, "Next": "M"}]},
      "W": {"Type": "Wait", "Seconds": 3, "Next": "M"},
      "M": {"Type": "Map", "ItemsPath": "$.list", "MaxConcurrency": 2, "Label": "m",
            "ItemSelector": {"i.$": "$$.Map.Item.Value"}, "Next": "B",
            "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "MP",
                              "States": {"MP": {"Type": "Pass", "End": true}}}},
      "B": {"Type": "Parallel", "Next": "S",
            "Branches": [{"StartAt": "B1", "States": {"B1": {"Type": "Succeed"}}}]},
      "S": {"Type": "Succeed"},
      "F": {"Type": "Fail", "ErrorPath": "$.error.Error", "CausePath": "States.Format('{}', $.c)"
}
}
})json");
  ASSERT_NE(parsed.machine, nullptr);
  EXPECT_TRUE(parsed.diagnostics.empty());
  const States& states = parsed.machine->states;
  EXPECT_EQ(states.start_at, "P");
  EXPECT_EQ(parsed.machine->timeout_seconds, 60);
  std::string types;
  for (const char* name : {"P", "T", "C", "W", "M", "B", "S", "F"})
    types += concat(states.at(name).type(), " ");
  EXPECT_EQ(types, "Pass Task Choice Wait Map Parallel Succeed Fail ");

  const State& task = states.at("T");
  EXPECT_EQ(task.next, "C");
  ASSERT_TRUE(task.result_path.has_value());
  EXPECT_FALSE(task.result_path->path.has_value());
  ASSERT_EQ(task.retriers.size(), 2u);
  EXPECT_EQ(task.retriers[0].max_attempts, 4);
  EXPECT_EQ(task.retriers[0].max_delay_seconds, 30);
  EXPECT_TRUE(task.retriers[0].full_jitter);
  EXPECT_EQ(task.retriers[1].interval_seconds, 1);
  EXPECT_EQ(task.catchers[0].next, "F");
  EXPECT_EQ(std::get<Map>(states.at("M").kind).processor.start_at, "MP");
}

TEST(parse, names_what_is_wrong_in_the_words_of_the_service) {
  struct Row {
    const char* definition;
    const char* findings;
  };
  constexpr const char* schema = "SCHEMA_VALIDATION_FAILED at ";
  const std::vector<Row> rows{
      {" ", ": Definition must be a valid JSON object\n"},
      {"[]", ": Definition must be a valid JSON object\n"},
      {"{}", "/: These fields are required: [States, StartAt]\n"},
      {R"({"States":{"S":{"Type":"Succeed"}}})", "/: These fields are required: [StartAt]\n"},
      {R"({"StartAt":"S","States":{"S":{"Type":"Succeed"}},"Start":1})",
       "/: Field 'Start' is not supported\n"},
      {R"({"StartAt":"S","States":{"S":{"Type":"Succeed","Next":"S"}}})",
       "/States/S: Field 'Next' is not supported\n"},
  };
  for (const Row& row : rows)
    EXPECT_EQ(findings(row.definition), concat(schema, row.findings)) << row.definition;
}

TEST(parse, checks_the_fields_of_each_kind) {
  struct Row {
    const char* fields;
    const char* finding;
  };
  const std::vector<Row> rows{
      {R"("Type":"Psas","End":true)",
       "/States/A/Type: The field 'Type' should have one of these values: [Task, Wait, Pass, "
       "Succeed, Fail, Choice, Parallel, Map]"},
      {R"("End":true)", "/States/A: These fields are required: [Type]"},
      {R"("Type":"Pass")", "/States/A: One of the following fields is required: [Next, End]"},
      {R"("Type":"Pass","End":true,"Comment":5)",
       "/States/A/Comment: Expected value of type String"},
      {R"("Type":"Pass","End":true,"Catch":[])", "/States/A: Field 'Catch' is not supported"},
      {R"("Type":"Pass","End":true,"Parameters":{"a.$":"$.x["})",
       "/States/A/Parameters: The value for the field 'a.$' must be a valid JSONPath or a valid "
       "intrinsic function call"},
      {R"("Type":"Pass","End":true,"ResultPath":"$$.x")",
       "/States/A/ResultPath: Value is not a Reference Path: '$$.x'"},
      {R"("Type":"Task","End":true)", "/States/A: These fields are required: [Resource]"},
      {R"("Type":"Task","End":true,"Resource":"f")",
       "/States/A/Resource: Value is not a valid resource ARN"},
      {R"("Type":"Task","End":true,"Resource":"arn:aws:states:::dynamodb:query")",
       "/States/A/Resource: The resource provided arn:aws:states:::dynamodb:query is not "
       "recognized. The value is not a valid resource ARN, or the resource is not available in "
       "this region."},
      {R"("Type":"Task","End":true,"Resource":"arn:aws:states:::lambda:invoke","TimeoutSeconds":0)",
       "/States/A/TimeoutSeconds: Minimum value is 1"},
      {R"("Type":"Task","End":true,"Resource":"arn:aws:states:::lambda:invoke","Credentials":{})",
       "/States/A/Credentials: The field 'RoleArn' is required but was missing"},
      {R"("Type":"Task","End":true,"Resource":"arn:aws:states:::lambda:invoke","TimeoutSeconds":5,
          "HeartbeatSeconds":5)",
       "/States/A/HeartbeatSeconds: HeartbeatSeconds must be smaller than TimeoutSeconds"},
      {R"("Type":"Choice","Choices":[])", "/States/A/Choices: Value cannot be empty"},
      {R"("Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true}])",
       "/States/A/Choices[0]: These fields are required: [Next]"},
      {R"("Type":"Wait","End":true)",
       "/States/A: One of the following fields is required: [Seconds, SecondsPath, Timestamp, "
       "TimestampPath]"},
      {R"("Type":"Wait","End":true,"Seconds":1,"SecondsPath":"$.s")",
       "/States/A: There should only be one of the following fields: [Seconds, SecondsPath]"},
      {R"("Type":"Wait","End":true,"Timestamp":"2016-12-05 21:29:29Z")",
       "/States/A/Timestamp: String does not match RFC3339 timestamp"},
      {R"("Type":"Parallel","End":true,"Branches":[])",
       "/States/A/Branches: Value cannot be empty"},
      {R"("Type":"Map","End":true)", "/States/A: These fields are required: [ItemProcessor]"},
      {R"("Type":"Fail","Error":"a","ErrorPath":"$.a")",
       "/States/A: There should only be one of the following fields: [Error, ErrorPath]"},
      {R"json("Type":"Fail","ErrorPath":"States.UUID(1)")json",
       "/States/A/ErrorPath: The value for the field 'ErrorPath' must be a valid JSONPath or a "
       "valid intrinsic function call"},
  };
  for (const Row& row : rows)
    EXPECT_EQ(only_finding(row.fields), concat("SCHEMA_VALIDATION_FAILED at ", row.finding, "\n"));
}

TEST(parse, checks_retriers_and_catchers) {
  const auto task = [](std::string_view fields) {
    return only_finding(
        concat(R"("Type":"Task","End":true,"Resource":"arn:aws:states:::lambda:invoke",)", fields));
  };
  EXPECT_EQ(task(R"("Retry":[{"ErrorEquals":["States.ALL","E"]}])"),
            "SCHEMA_VALIDATION_FAILED at /States/A/Retry[0]/ErrorEquals: 'States.ALL' must appear "
            "alone\n");
  EXPECT_EQ(task(R"("Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["E"]}])"),
            "SCHEMA_VALIDATION_FAILED at /States/A/Retry[0]/ErrorEquals: 'States.ALL' must appear "
            "in the last element of the list\n");
  EXPECT_EQ(task(R"("Retry":[{"ErrorEquals":["E"],"BackoffRate":0.5}])"),
            "SCHEMA_VALIDATION_FAILED at /States/A/Retry[0]/BackoffRate: Minimum value is 1.0\n");
  EXPECT_EQ(task(R"("Retry":[{"ErrorEquals":["E"],"IntervalSeconds":5,"MaxDelaySeconds":5}])"),
            "SCHEMA_VALIDATION_FAILED at /States/A/Retry[0]/MaxDelaySeconds: MaxDelaySeconds must "
            "be greater than IntervalSeconds\n");
  EXPECT_EQ(task(R"("Retry":[{"ErrorEquals":["E"],"JitterStrategy":"SOME"}])"),
            "SCHEMA_VALIDATION_FAILED at /States/A/Retry[0]/JitterStrategy: The field "
            "'JitterStrategy' should have one of these values: [FULL, NONE]\n");
  EXPECT_EQ(task(R"("Catch":[{"ErrorEquals":[],"Next":"A"}])"),
            "SCHEMA_VALIDATION_FAILED at /States/A/Catch[0]/ErrorEquals: Value cannot be empty\n");
}

TEST(parse, follows_the_transitions) {
  EXPECT_EQ(findings(R"({"StartAt":"1","States":{"1":{"Type":"Pass","Next":"3"},
                                                 "2":{"Type":"Pass","End":true}}})"),
            "MISSING_TRANSITION_TARGET at /States/1/Next: Missing 'Next' target: 3\n"
            "MISSING_TRANSITION_TARGET at /States/2: State \"2\" is not reachable.\n");
  EXPECT_EQ(findings(R"({"StartAt":"0","States":{"1":{"Type":"Pass","Next":"2"},
                                                 "2":{"Type":"Succeed"}}})"),
            "MISSING_TRANSITION_TARGET at /StartAt: Missing 'Next' target: 0\n"
            "MISSING_TRANSITION_TARGET at /States/1: State \"1\" is not reachable.\n");
  EXPECT_EQ(findings(R"({"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},
                         "B":{"Type":"Pass","Next":"A"},"C":{"Type":"Pass","Next":"A"}}})"),
            "MISSING_END_STATE at : Workflow has no terminal state\n");
  EXPECT_EQ(findings(R"({"StartAt":"S","States":{"S":{"Type":"Succeed"},
                         "A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}}})"),
            "MISSING_TRANSITION_TARGET at /States/A: State \"A\" is not reachable.\n");
}

TEST(parse, refuses_a_state_name_that_is_used_twice) {
  EXPECT_EQ(findings(R"({"StartAt":"A","States":{"A":{"Type":"Succeed"},"A":{"Type":"Succeed"}}})"),
            "DUPLICATE_STATE_NAME at /States/A: Duplicate State name: A\n");
  EXPECT_EQ(only_finding(R"("Type":"Parallel","End":true,"Branches":[
                            {"StartAt":"A","States":{"A":{"Type":"Succeed"}}}])"),
            "DUPLICATE_STATE_NAME at /States/A/Branches[0]/States/A: Duplicate State name: A\n");
}

TEST(parse, only_warns_of_a_field_that_is_given_twice) {
  const auto parsed = parse_definition(machine_of(R"("Type":"Pass","Type":"Succeed")"));
  EXPECT_NE(parsed.machine, nullptr);
  ASSERT_EQ(parsed.diagnostics.size(), 1u);
  EXPECT_EQ(parsed.diagnostics[0].severity, Severity::warning);
  EXPECT_EQ(parsed.diagnostics[0].code, "DUPLICATE_FIELD");
}

TEST(parse, takes_an_item_reader_without_a_warning) {
  const auto parsed = parse_definition(machine_of(
      R"("Type":"Map","End":true,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
          "ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key":"k"}},
          "ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Succeed"}},
          "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}})"));
  EXPECT_NE(parsed.machine, nullptr);
  EXPECT_TRUE(parsed.diagnostics.empty());
}

TEST(parse, keeps_the_fields_of_the_two_query_languages_apart) {
  EXPECT_EQ(findings(machine_of(R"("Type":"Pass","End":true,"Output":1)")),
            "SCHEMA_VALIDATION_FAILED at /States/A: The QueryLanguage is set to 'JSONPath', but "
            "field 'Output' is only supported for the 'JSONata' QueryLanguage\n");
  EXPECT_EQ(
      findings(machine_of(R"("Type":"Pass","End":true,"QueryLanguage":"JSONata","InputPath":"$")")),
      "SCHEMA_VALIDATION_FAILED at /States/A: The QueryLanguage is set to 'JSONata', but "
      "field 'InputPath' is only supported for the 'JSONPath' QueryLanguage\n");
  EXPECT_EQ(findings(machine_of(R"("Type":"Choice","Choices":[{"Condition":"{% true %}",
                                   "Next":"A"}],"Default":"A")")),
            "SCHEMA_VALIDATION_FAILED at /States/A/Choices[0]: The QueryLanguage is set to "
            "'JSONPath', but field 'Condition' is only supported for the 'JSONata' QueryLanguage\n"
            "MISSING_END_STATE at : Workflow has no terminal state\n");
}

TEST(parse, reports_every_bad_member_of_a_template_with_its_place) {
  const auto found = [](std::string_view state) {
    std::string all;
    const auto parsed = parse_definition(concat(
        "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true,", state, "}}}"));
    for (const auto& each : parsed.diagnostics)
      all += concat(each.line, ":", each.column, " ", each.location, "\n");
    return all;
  };
  EXPECT_EQ(found("\"Parameters\":{\n\"a.$\":\"$.[\",\n\"b\":[{\n\"c.$\":1}],\n\"d.$\":\"$.d\"}"),
            "2:1 /States/A/Parameters\n4:1 /States/A/Parameters\n");
  EXPECT_EQ(
      found("\"QueryLanguage\":\"JSONata\",\"Output\":{\n\"a\":\"{% ) %}\",\n\"b\":[\n\"{% $$ %}\","
            "\n\"{% 1 + %}\"]}"),
      "2:10 /States/A/Output/a\n4:7 /States/A/Output/b[0]\n5:8 /States/A/Output/b[1]\n");
}

TEST(parse, says_where_in_a_text_an_expression_is_broken) {
  const auto parsed = parse_definition(
      "{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\n"
      "\"Output\":{\"l\":[1,\"{% \\\"\\u00e4\\\" + ) %}\"]},\"End\":true}}}");
  EXPECT_EQ(parsed.machine, nullptr);
  ASSERT_EQ(parsed.diagnostics.size(), 1u);
  const Diagnostic& found = parsed.diagnostics[0];
  EXPECT_EQ(found.code, "INVALID_JSONATA_EXPRESSION");
  EXPECT_EQ(found.location, "/States/A/Output/l[1]");
  EXPECT_EQ(found.line, 2u);
  EXPECT_NE(found.message.find(")"), std::string::npos) << found.message;
  EXPECT_EQ(found.column, 36u);  // just behind the bracket
}

// What is wrong with the output of a state, by expression.
std::string output_findings(std::string_view expression) {
  const std::string all =
      only_finding(concat(R"("QueryLanguage":"JSONata","Type":"Pass","End":true,"Output":["{% )",
                          expression, R"( %}"])"));
  return replace_all(all, "UNSUPPORTED_JSONATA_EXPRESSION at /States/A/Output[0]: ", "");
}

TEST(parse, refuses_expressions_that_read_an_input_of_their_own) {
  const std::string phone = "Reference to 'phone' at the top level is not supported.\n";
  for (const char* expression :
       {"phone", "phone[0].number", "-phone", "$states.input.a ? phone : 2", "phone & 'x'",
        "phone in $states.input.b", "$sum(phone)", "phone(1)", "phone ~> $string()", "[1..phone]",
        "(phone).other", "[phone].other", "{phone: 1}", "($x := phone; $x)", "phone + phone",
        "$map($states.input.a, function($y){ phone })", "$count(phone[inner])"})
    EXPECT_EQ(output_findings(expression), phone) << expression;
  EXPECT_EQ(output_findings("[bbb, aaa]"),
            "Reference to 'bbb' at the top level is not supported.\n"
            "Reference to 'aaa' at the top level is not supported.\n");
  for (const char* expression : {"$", "$.phone", "$[0]", "$string($)"})
    EXPECT_EQ(output_findings(expression), "Reference to '$' at the top level is not supported.\n");
  EXPECT_EQ(output_findings("$$.phone"), "Reference to '$$' is not supported.\n");
}

TEST(parse, takes_expressions_that_read_what_they_have_found) {
  for (const char* expression :
       {"$states.input.a.phone", "$states.input.a[phone > 3]", "$states.input.a^(phone)",
        "$states.input.a{'k': phone}", "$states.input.a.(phone)", "$phone", "**.phone",
        "$states.input ~> |phone|{'b': 1}|", "{'k': 1}.phone", "$states.input.a[$ > 1]",
        "function($x){ $x.phone }", "'phone'", "$states.input.errorOutput"})
    EXPECT_EQ(output_findings(expression), "") << expression;
}

TEST(parse, knows_an_error_output_only_in_a_catcher) {
  EXPECT_EQ(output_findings("$states.errorOutput.Cause"),
            "Field '$states.errorOutput' does not exist.\n");
  EXPECT_EQ(findings(R"({"QueryLanguage":"JSONata","StartAt":"A","States":{
    "A":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","End":true,
         "Catch":[{"ErrorEquals":["States.ALL"],"Next":"B","Output":"{% $states.errorOutput %}"}]},
    "B":{"Type":"Succeed"}}})"),
            "");
}

TEST(parse, says_where_in_a_text_an_expression_reads_too_much) {
  const auto parsed = parse_definition(machine_of(
      R"("QueryLanguage":"JSONata","Type":"Pass","End":true,"Output":"{% 1 + phone %}")"));
  ASSERT_EQ(parsed.diagnostics.size(), 1u);
  EXPECT_EQ(parsed.diagnostics[0].column, 104u);  // just behind the name
}

TEST(parse, takes_expressions_where_they_may_stand) {
  const std::string jsonata = R"("QueryLanguage":"JSONata",)";
  EXPECT_EQ(findings(machine_of(jsonata + R"("Type":"Wait","Seconds":"{% 1 %}","End":true)")), "");
  EXPECT_EQ(findings(machine_of(jsonata + R"("Type":"Wait","Seconds":"1","End":true)")),
            "SCHEMA_VALIDATION_FAILED at /States/A/Seconds: Expected value of type Integer\n");
  EXPECT_EQ(findings(machine_of(R"("Type":"Wait","Seconds":"{% 1 %}","End":true)")),
            "SCHEMA_VALIDATION_FAILED at /States/A/Seconds: Expected value of type Integer\n");
  EXPECT_EQ(findings(machine_of(jsonata + R"("Type":"Fail","Error":"{% 'E' %}","Cause":"C")")), "");
  const std::string map = jsonata + R"("Type":"Map","End":true,"MaxConcurrency":"{% 2 %}",
      "ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Succeed"}}},"Items":)";
  EXPECT_EQ(findings(machine_of(map + R"([1,"{% 2 %}"])")), "");
  EXPECT_EQ(findings(machine_of(map + R"("{% [1] %}")")), "");
  EXPECT_EQ(findings(machine_of(map + "7")),
            "SCHEMA_VALIDATION_FAILED at /States/A/Items: Expected value of type Array or a "
            "JSONata expression\n");
}

TEST(parse, refuses_names_that_no_variable_may_have) {
  const auto assigning = [](const std::string& name) {
    return findings(machine_of(R"("Type":"Pass","End":true,"Assign":{")" + name + R"(":1})"));
  };
  EXPECT_EQ(assigning("a_1"), "");
  EXPECT_EQ(assigning("größe"), "");
  EXPECT_EQ(assigning(std::string(80, 'a')), "");
  EXPECT_NE(assigning(std::string(81, 'a')), "");
  EXPECT_NE(assigning("1a"), "");
  EXPECT_NE(assigning("a-b"), "");
  EXPECT_EQ(assigning("states"),
            "SCHEMA_VALIDATION_FAILED at /States/A/Assign: The variable name 'states' is "
            "reserved\n");
}

TEST(parse, lets_no_inner_scope_assign_what_an_outer_one_assigns) {
  const auto inner = [](const std::string& name, const std::string& config) {
    return findings(R"({"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1},"Next":"M"},
      "M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"B",)" +
                    config + R"("States":{"B":{"Type":"Pass","End":true,"Assign":{")" + name +
                    R"(":2}}}}}}})");
  };
  EXPECT_EQ(inner("y", ""), "");
  EXPECT_EQ(inner("x.$\":\"$.z\",\"y", ""),
            "SCHEMA_VALIDATION_FAILED at /States/M/ItemProcessor/States/B: The variable 'x' is "
            "assigned in an outer scope and can not be assigned here\n");
  EXPECT_EQ(inner("x", R"("ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},)"),
            "");
}

TEST(parse, knows_what_an_express_machine_may_not_name) {
  const auto parsed = parse_definition(machine_of(R"("Type":"Task","End":true,
                    "Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken")"),
                                       MachineType::express);
  ASSERT_EQ(parsed.diagnostics.size(), 1u);
  EXPECT_EQ(parsed.diagnostics[0].message,
            "Express state machine does not support '.waitForTaskToken' service integration ");
  EXPECT_EQ(parsed.diagnostics[0].location, "/States/A/Resource");
}

TEST(parse, knows_the_integrations_of_the_service_and_their_forms) {
  const auto named = [](std::string_view integration) {
    return only_finding(
        concat(R"("Type":"Task","End":true,"Resource":"arn:aws:states:::)", integration, "\""));
  };
  for (const char* known :
       {"emr-serverless:cancelJobRun.sync", "elasticmapreduce:addStep.sync",
        "elasticmapreduce:cancelStep", "emr-containers:createVirtualCluster",
        "mediaconvert:createJob.sync", "databrew:startJobRun", "sagemaker:createModel",
        "sagemaker:createTransformJob.sync", "codebuild:retryBuildBatch.sync",
        "bedrock:createModelCustomizationJob.sync", "eks:runJob.sync", "athena:getQueryResults",
        "ecs:runTask.waitForTaskToken", "states:startExecution.sync:2", "glue:startJobRun.sync",
        "aws-sdk:sqs:sendMessage.waitForTaskToken"})
    EXPECT_EQ(named(known), "");
  for (const char* unknown :
       {"lambda:invoke.sync", "sqs:sendMessage.sync", "dynamodb:getItem.waitForTaskToken",
        "dynamodb:query", "codebuild:stopBuild.sync", "glue:startJobRun.sync:2", "glue",
        "glue:", "glue:startJobRun:now", "aws-sdk:sqs:sendMessage.sync", "lambda:invoke.sync.sync"})
    EXPECT_THAT(named(unknown), ::testing::HasSubstr("is not recognized")) << unknown;
}

TEST(parse, takes_labels_that_can_stand_in_an_arn) {
  const auto labelled = [](const std::string& label) {
    return only_finding(concat(R"("Type":"Map","End":true,"Label":")", label,
                               R"(","ItemProcessor":{"StartAt":"B","ProcessorConfig":
        {"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
        "States":{"B":{"Type":"Pass","End":true}}})"));
  };
  EXPECT_EQ(labelled("Sheets_1.a-b"), "");
  std::string longest;
  for (int i = 0; i < 40; ++i) longest += "\u00e9";
  EXPECT_EQ(labelled(longest), "");
  for (const std::string& label :
       {longest + "x", std::string("a b"), std::string("a*"), std::string("[a]"),
        std::string("a/b"), std::string("a:b"), std::string("a$"), std::string("a\\u0007"),
        std::string("a\\u0085"), std::string("a\\tb")})
    EXPECT_THAT(labelled(label), ::testing::StartsWith("SCHEMA_VALIDATION_FAILED at /States/A/"
                                                       "Label: Label must have at most 40 "))
        << label;
}

TEST(parse, says_that_a_machine_in_jsonata_holds_no_jsonpath) {
  EXPECT_EQ(findings(R"({"QueryLanguage":"JSONata","StartAt":"A",
                         "States":{"A":{"Type":"Pass","End":true,"QueryLanguage":"JSONPath"}}})"),
            "SCHEMA_VALIDATION_FAILED at /States/A: 'QueryLanguage' can not be 'JSONPath' if set "
            "to 'JSONata' for whole state machine\n");
}

TEST(parse, gives_the_place_in_the_text) {
  const auto parsed = parse_definition(
      "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": {\n      \"Type\": \"Task\", "
      "\"Resource\": \"f\",\n      \"Retry\": [{}], \"End\": true\n    }\n  }\n}\n");
  ASSERT_EQ(parsed.diagnostics.size(), 2u);
  EXPECT_EQ(parsed.diagnostics[0].location, "/States/A/Retry[0]");
  EXPECT_EQ(parsed.diagnostics[0].line, 6u);
  EXPECT_EQ(parsed.diagnostics[0].column, 17u);
  EXPECT_EQ(parsed.diagnostics[1].location, "/States/A/Resource");
  EXPECT_EQ(parsed.diagnostics[1].line, 5u);
  EXPECT_EQ(parsed.diagnostics[1].column, 23u);
}

TEST(parse, gives_the_place_of_broken_json) {
  EXPECT_EQ(findings("not a definition"),
            "INVALID_JSON_DESCRIPTION at [Source: (String)\"not a definition\"; line: 1, column: "
            "4]: Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or "
            "token 'null', 'true' or 'false')\n at [Source: (String)\"not a definition\"; line: 1, "
            "column: 4]\n");
  struct Row {
    const char* text;
    size_t line, column;
  };
  for (const Row& row : std::vector<Row>{{"{\"a\":1,}", 1, 8},
                                         {"{\n \"a\" 1}", 2, 6},
                                         {"{\"a\":01}", 1, 6},
                                         {"{\"a\":\"\n\"}", 1, 7},
                                         {"[1 2]", 1, 4},
                                         {"{\"a\":1", 1, 7},
                                         {"{} x", 1, 4},
                                         {"{\"a\":\"\\q\"}", 1, 8},
                                         {"[tru]", 1, 2}}) {
    const auto parsed = parse_definition(row.text);
    ASSERT_EQ(parsed.diagnostics.size(), 1u) << row.text;
    EXPECT_EQ(parsed.diagnostics[0].code, "INVALID_JSON_DESCRIPTION") << row.text;
    EXPECT_EQ(parsed.diagnostics[0].line, row.line) << row.text;
    EXPECT_EQ(parsed.diagnostics[0].column, row.column) << row.text;
  }
}

TEST(parse, survives_hostile_texts) {
  EXPECT_EQ(findings(std::string(100'000, '[')).substr(0, 17), "TOO_DEEPLY_NESTED");
  EXPECT_EQ(findings(std::string(definition_bytes_max + 1, ' ')),
            "SCHEMA_VALIDATION_FAILED at : Definition must not be longer than 1048576 bytes\n");
  std::string many = R"({"StartAt":"x","States":{"x":{"Type":"Succeed"})";
  for (int state = 0; many.size() < definition_bytes_max - 100; ++state)
    many += concat(",\"", state, R"(":{"Type":"Pass"})");
  EXPECT_EQ(parse_definition(many + "}}").machine, nullptr);
  EXPECT_EQ(findings("{\"a\":\"\xff\"}").substr(0, 24), "INVALID_JSON_DESCRIPTION");
}

}  // namespace
}  // namespace pawl::asl
