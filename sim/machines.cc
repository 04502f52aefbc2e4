#include "sim/machines.h"

namespace pawl::sim {
namespace {

const std::vector<SimMachine> machines = {
    {"line", R"({"StartAt": "Prepare", "States": {
         "Prepare": {"Type": "Pass", "Result": {"at": "work"}, "ResultPath": "$.p", "Next": "Work"},
         "Work": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:0:function:work",
                  "ResultPath": "$.work", "Next": "Rest"},
         "Rest": {"Type": "Wait", "Seconds": 5, "Next": "Finish"},
         "Finish": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:0:function:finish",
                    "Next": "Done"},
         "Done": {"Type": "Succeed"}}})"},
    {"retry", R"({"StartAt": "Try", "States": {
         "Try": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:0:function:try",
                 "Retry": [{"ErrorEquals": ["Transient"], "IntervalSeconds": 2, "MaxAttempts": 3}],
                 "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error",
                            "Next": "Repair"}],
                 "End": true},
         "Repair": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:0:function:repair",
                    "End": true}}})"},
    {"deadline", R"({"StartAt": "Slow", "TimeoutSeconds": 600, "States": {
         "Slow": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:0:function:slow",
                  "TimeoutSeconds": 30, "HeartbeatSeconds": 10,
                  "Catch": [{"ErrorEquals": ["States.Timeout", "States.HeartbeatTimeout"],
                             "Next": "Late"}],
                  "End": true},
         "Late": {"Type": "Pass", "Result": "late", "End": true}}})"},
    {"choice", R"({"StartAt": "Which", "States": {
         "Which": {"Type": "Choice", "Choices": [
             {"Variable": "$.n", "NumericLessThan": 3, "Next": "Small"},
             {"Variable": "$.n", "NumericLessThan": 6, "Next": "Wrong"}], "Default": "Large"},
         "Small": {"Type": "Pass", "End": true},
         "Wrong": {"Type": "Fail", "Error": "Wrong", "Cause": "n is in the middle"},
         "Large": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:0:function:large",
                   "End": true}}})"},
    {"parallel", R"({"StartAt": "Both", "States": {
         "Both": {"Type": "Parallel", "Branches": [
             {"StartAt": "Left", "States": {
                "Left": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:0:function:left",
                         "End": true}}},
             {"StartAt": "Pause", "States": {
                "Pause": {"Type": "Wait", "Seconds": 3, "Next": "Right"},
                "Right": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:0:function:right",
                          "End": true}}}],
           "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "After"}], "Next": "After"},
         "After": {"Type": "Pass", "End": true}}})"},
    {"map", R"({"StartAt": "Each", "States": {
         "Each": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2,
           "ItemProcessor": {"StartAt": "One", "States": {
             "One": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:0:function:one",
                     "Retry": [{"ErrorEquals": ["Transient"], "MaxAttempts": 2}],
                     "End": true}}},
           "End": true}}})"},
    {"variables", R"json({"QueryLanguage": "JSONata", "StartAt": "Begin", "States": {
         "Begin": {"Type": "Pass", "Next": "Each",
           "Assign": {"id": "{% $uuid() %}", "seen": [], "n": "{% $states.input.n %}"}},
         "Each": {"Type": "Map", "Items": "{% $states.input.items %}", "MaxConcurrency": 2,
           "ItemSelector": {"at": "{% $states.context.Map.Item.Index %}", "id": "{% $id %}"},
           "ItemProcessor": {"StartAt": "Ask", "States": {
             "Ask": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:0:function:ask",
               "Arguments": {"at": "{% $states.input.at %}", "n": "{% $n %}", "id": "{% $id %}"},
               "Assign": {"answer": "{% $states.result %}"},
               "Output": {"at": "{% $states.input.at %}"},
               "Retry": [{"ErrorEquals": ["Transient"], "MaxAttempts": 2}],
               "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Rest",
                 "Assign": {"answer": "{% $states.errorOutput.Error %}"}}],
               "Next": "Rest"},
             "Rest": {"Type": "Wait", "Seconds": "{% 1 + $random() > 1.5 ? 2 : 1 %}",
               "Output": "{% $answer %}", "End": true}}},
           "Assign": {"seen": "{% $states.result %}"}, "Next": "Enough"},
         "Enough": {"Type": "Choice", "Default": "Done", "Choices": [
           {"Condition": "{% $n > 5 %}", "Assign": {"n": "{% $n - 1 %}"}, "Next": "Last"}]},
         "Last": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:0:function:last",
           "Arguments": {"seen": "{% $seen %}", "n": "{% $n %}"}, "Next": "Done"},
         "Done": {"Type": "Succeed", "Output": {"id": "{% $id %}", "seen": "{% $seen %}"}}}})json"},
    {"parent", R"({"StartAt": "Child", "States": {
         "Child": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
           "TimeoutSeconds": 40,
           "Parameters": {"StateMachineArn":
               "arn:aws:states:us-east-1:000000000000:stateMachine:line", "Input.$": "$"},
           "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Alone"}],
           "End": true},
         "Alone": {"Type": "Pass", "End": true}}})"},
    {"sender", R"({"StartAt": "Send", "States": {
         "Send": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution",
           "Parameters": {"StateMachineArn":
               "arn:aws:states:us-east-1:000000000000:stateMachine:retry", "Input.$": "$"},
           "End": true}}})"},
    {"grandparent", R"({"StartAt": "Two", "States": {
         "Two": {"Type": "Parallel", "Branches": [
             {"StartAt": "First", "States": {"First": {"Type": "Task",
                "Resource": "arn:aws:states:::states:startExecution.sync",
                "Parameters": {"StateMachineArn":
                  "arn:aws:states:us-east-1:000000000000:stateMachine:parent", "Input.$": "$"},
                "End": true}}},
             {"StartAt": "Unknown", "States": {"Unknown": {"Type": "Task",
                "Resource": "arn:aws:lambda:us-east-1:0:function:beside", "End": true}}}],
           "End": true}}})"},
    {"callback", R"json({"StartAt": "Ask", "States": {
         "Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
           "TimeoutSeconds": 60, "HeartbeatSeconds": 20,
           "Parameters": {"FunctionName": "ask", "Payload": {"token.$": "$$.Task.Token"}},
           "Retry": [{"ErrorEquals": ["Transient"], "MaxAttempts": 2}],
           "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Unanswered"}],
           "ResultPath": "$.answer", "End": true},
         "Unanswered": {"Type": "Pass", "End": true}}})json"},
    {"activity", R"({"StartAt": "Turns", "States": {
         "Turns": {"Type": "Map", "ItemsPath": "$.items",
           "ItemProcessor": {"StartAt": "Work", "States": {
             "Work": {"Type": "Task", "TimeoutSeconds": 90,
               "Resource": "arn:aws:states:us-east-1:000000000000:activity:work",
               "Retry": [{"ErrorEquals": ["States.Timeout"], "MaxAttempts": 1}],
               "End": true}}},
           "End": true}}})"},
    {"children", R"({"StartAt": "Spread", "States": {
         "Spread": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 3,
           "ToleratedFailurePercentage": 50, "ItemBatcher": {"MaxItemsPerBatch": 2},
           "ItemProcessor": {
             "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
             "StartAt": "Part", "States": {
               "Part": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:0:function:part",
                        "End": true}}},
           "End": true}}})"},
    {"windows", R"({"StartAt": "Read", "States": {
         "Read": {"Type": "Map", "MaxConcurrency": 3, "ToleratedFailurePercentage": 50,
           "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
             "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
             "Parameters": {"Bucket": "in", "Key": "rows.csv"}},
           "ItemBatcher": {"MaxItemsPerBatch": 2},
           "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject",
             "Parameters": {"Bucket": "out"}},
           "ItemProcessor": {
             "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
             "StartAt": "Row", "States": {
               "Row": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:0:function:row",
                       "End": true}}},
           "End": true}}})"},
};

}  // namespace

const std::vector<SimMachine>& sim_machines() { return machines; }

}  // namespace pawl::sim
