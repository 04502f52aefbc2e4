#include "api/states/shapes.h"

#include <algorithm>

#include "api/members.h"

namespace pawl::api::states {
namespace {

using members::flag;
using members::list;
using members::number;
using members::required_list;
using members::required_text;
using members::structure;
using members::text;
using members::unbounded;
using members::word;

constexpr bool required = true;

constexpr Member arn(std::string_view name) { return required_text(name, 1, 256); }
constexpr Member long_arn(std::string_view name) { return required_text(name, 1, 2000); }

// At least one character that is no digit, so that no alias can be taken for a version.
bool is_alias_name(std::string_view text) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.';
  };
  const auto is_allowed = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return std::all_of(text.begin(), text.end(), is_allowed) &&
         std::any_of(text.begin(), text.end(), is_letter);
}
bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}
bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<uint8_t>(c) < 128; });
}

constexpr std::string_view types[] = {"STANDARD", "EXPRESS"};
constexpr std::string_view log_levels[] = {"ALL", "ERROR", "FATAL", "OFF"};
constexpr std::string_view key_types[] = {"AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"};
constexpr std::string_view included[] = {"ALL_DATA", "METADATA_ONLY"};
constexpr std::string_view severities[] = {"ERROR", "WARNING"};
constexpr std::string_view inspection_levels[] = {"INFO", "DEBUG", "TRACE"};
constexpr std::string_view redrive_filters[] = {"REDRIVEN", "NOT_REDRIVEN"};
constexpr std::string_view validation_modes[] = {"STRICT", "PRESENT", "NONE"};
// In the service's order, which its message shows.
constexpr std::string_view statuses[] = {"SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE",
                                         "ABORTED",   "FAILED",    "RUNNING"};

constexpr Member log_group[] = {text("logGroupArn", 1, 256)};
constexpr Member log_destination[] = {structure("cloudWatchLogsLogGroup", log_group)};
constexpr Member logging[] = {word("level", log_levels), flag("includeExecutionData"),
                              list("destinations", log_destination)};
constexpr Member tracing[] = {flag("enabled")};
constexpr Member encryption[] = {text("kmsKeyId", 1, 2048),
                                 number("kmsDataKeyReusePeriodSeconds", 60, 900),
                                 {.name = "type", .is_required = required, .words = key_types}};
constexpr Member tag[] = {required_text("key", 1, 128), required_text("value", 0, 256)};
constexpr Member tag_key[] = {text("", 1, 128)};
constexpr Member route[] = {
    arn("stateMachineVersionArn"),
    {.name = "weight", .kind = Kind::number, .is_required = required, .least = 0, .most = 100}};
constexpr Member routing(bool is_required) {
  return {.name = "routingConfiguration",
          .kind = Kind::list,
          .is_required = is_required,
          .least = 1,
          .most = 2,
          .members = route,
          .type_name = "RoutingConfigurationListItem"};
}
constexpr Member mock_error[] = {text("error", 0, 256), text("cause", 0, 32768)};
constexpr Member mock[] = {unbounded("result"), structure("errorOutput", mock_error),
                           word("fieldValidationMode", validation_modes)};
constexpr Member state_configuration[] = {
    number("retrierRetryCount", 0), text("errorCausedByState", 1, 80),
    number("mapIterationFailureCount", 0), unbounded("mapItemReaderData")};

constexpr Member size = number("maxResults", 0, 1000);
constexpr Member token = text("nextToken", 1, 1024);
constexpr Member name = required_text("name", 1, 80);

constexpr Member create_state_machine[] = {name,
                                           required_text("definition", 1, 1048576),
                                           arn("roleArn"),
                                           word("type", types),
                                           structure("loggingConfiguration", logging),
                                           list("tags", tag),
                                           structure("tracingConfiguration", tracing),
                                           flag("publish"),
                                           text("versionDescription", 0, 256),
                                           structure("encryptionConfiguration", encryption)};
constexpr Member update_state_machine[] = {arn("stateMachineArn"),
                                           text("definition", 1, 1048576),
                                           text("roleArn", 1, 256),
                                           structure("loggingConfiguration", logging),
                                           structure("tracingConfiguration", tracing),
                                           flag("publish"),
                                           text("versionDescription", 0, 256),
                                           structure("encryptionConfiguration", encryption)};
constexpr Member describe_state_machine[] = {arn("stateMachineArn"),
                                             word("includedData", included)};
constexpr Member of_execution[] = {arn("executionArn"), word("includedData", included)};
constexpr Member of_machine[] = {arn("stateMachineArn")};
constexpr Member pages[] = {size, token};
constexpr Member pages_of_machine[] = {arn("stateMachineArn"), token, size};
constexpr Member pages_of_execution[] = {arn("executionArn"), size, token};
constexpr Member validate[] = {required_text("definition", 1, 1048576), word("type", types),
                               word("severity", severities), number("maxResults", 0, 100)};
constexpr Member publish[] = {arn("stateMachineArn"), unbounded("revisionId"),
                              text("description", 0, 256)};
constexpr Member delete_version[] = {long_arn("stateMachineVersionArn")};
constexpr Member create_alias[] = {text("description", 0, 256),
                                   {.name = "name",
                                    .is_required = required,
                                    .least = 1,
                                    .most = 80,
                                    .pattern = R"(^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$)",
                                    .matches = is_alias_name},
                                   routing(required)};
constexpr Member update_alias[] = {arn("stateMachineAliasArn"), text("description", 0, 256),
                                   routing(false)};
constexpr Member of_alias[] = {arn("stateMachineAliasArn")};
constexpr Member start_execution[] = {
    arn("stateMachineArn"),
    text("name", 1, 80),
    unbounded("input"),
    {.name = "traceHeader", .most = 256, .pattern = R"(\p{ASCII}*)", .matches = is_ascii},
    word("includedData", included)};
constexpr Member stop_execution[] = {arn("executionArn"), text("error", 0, 256),
                                     text("cause", 0, 32768)};
constexpr Member list_executions[] = {text("stateMachineArn", 1, 256),
                                      word("statusFilter", statuses),
                                      size,
                                      text("nextToken", 1, 3096),
                                      text("mapRunArn", 1, 2000),
                                      word("redriveFilter", redrive_filters)};
constexpr Member history[] = {arn("executionArn"), size, flag("reverseOrder"), token,
                              flag("includeExecutionData")};
constexpr Member redrive[] = {arn("executionArn"),
                              {.name = "clientToken",
                               .least = 1,
                               .most = 64,
                               .pattern = "[!-~]+",
                               .matches = is_visible_ascii}};
constexpr Member create_activity[] = {name, list("tags", tag),
                                      structure("encryptionConfiguration", encryption)};
constexpr Member of_activity[] = {arn("activityArn"), text("workerName", 1, 80)};
constexpr Member of_task[] = {required_text("taskToken", 1, 2048)};
constexpr Member task_success[] = {required_text("taskToken", 1, 2048),
                                   {.name = "output", .is_required = required}};
constexpr Member task_failure[] = {required_text("taskToken", 1, 2048), text("error", 0, 256),
                                   text("cause", 0, 32768)};
constexpr Member of_resource[] = {arn("resourceArn")};
constexpr Member tag_resource[] = {arn("resourceArn"), required_list("tags", tag)};
constexpr Member untag_resource[] = {arn("resourceArn"), required_list("tagKeys", tag_key)};
constexpr Member of_map_run[] = {
    long_arn("mapRunArn"),
    number("maxConcurrency", 0),
    {.name = "toleratedFailurePercentage", .kind = Kind::real, .most = 100},
    number("toleratedFailureCount", 0)};
constexpr Member test_state[] = {required_text("definition", 1, 1048576),
                                 text("roleArn", 1, 256),
                                 unbounded("input"),
                                 word("inspectionLevel", inspection_levels),
                                 flag("revealSecrets"),
                                 unbounded("variables"),
                                 text("stateName", 1, 80),
                                 structure("mock", mock),
                                 unbounded("context"),
                                 structure("stateConfiguration", state_configuration)};

struct Row {
  std::string_view operation;
  std::span<const Member> members;
};
constexpr Row rows[] = {
    {"CreateStateMachine", create_state_machine},
    {"UpdateStateMachine", update_state_machine},
    {"DescribeStateMachine", describe_state_machine},
    {"DescribeStateMachineForExecution", of_execution},
    {"ListStateMachines", pages},
    {"DeleteStateMachine", of_machine},
    {"ValidateStateMachineDefinition", validate},
    {"TestState", test_state},
    {"PublishStateMachineVersion", publish},
    {"ListStateMachineVersions", pages_of_machine},
    {"DeleteStateMachineVersion", delete_version},
    {"CreateStateMachineAlias", create_alias},
    {"UpdateStateMachineAlias", update_alias},
    {"DescribeStateMachineAlias", of_alias},
    {"ListStateMachineAliases", pages_of_machine},
    {"DeleteStateMachineAlias", of_alias},
    {"StartExecution", start_execution},
    {"StartSyncExecution", start_execution},
    {"DescribeExecution", of_execution},
    {"ListExecutions", list_executions},
    {"StopExecution", stop_execution},
    {"RedriveExecution", redrive},
    {"GetExecutionHistory", history},
    {"CreateActivity", create_activity},
    {"DescribeActivity", of_activity},
    {"ListActivities", pages},
    {"DeleteActivity", of_activity},
    {"GetActivityTask", of_activity},
    {"SendTaskSuccess", task_success},
    {"SendTaskFailure", task_failure},
    {"SendTaskHeartbeat", of_task},
    {"TagResource", tag_resource},
    {"UntagResource", untag_resource},
    {"ListTagsForResource", of_resource},
    {"ListMapRuns", pages_of_execution},
    {"DescribeMapRun", of_map_run},
    {"UpdateMapRun", of_map_run},
    {"DescribeActivities", of_execution},  // an extension
};

}  // namespace

std::span<const Member> shape_of(std::string_view operation) {
  for (const Row& row : rows)
    if (row.operation == operation) return row.members;
  return {};
}

}  // namespace pawl::api::states
