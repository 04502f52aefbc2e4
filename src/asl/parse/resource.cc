#include <algorithm>
#include <array>

#include "asl/parse/read.h"
#include "base/text.h"

// What a Task may name.
//
//   arn:<partition>:lambda:<region>:<account>:function:<name>[:<version>]
//   arn:<partition>:states:<region>:<account>:activity:<name>
//   arn:<partition>:states:::<service>:<action>[.sync|.sync:2|.waitForTaskToken]
namespace pawl::asl::parse {
namespace {

// The service's own integrations; those with other services are "aws-sdk:<service>:<action>".
constexpr std::array<std::string_view, 24> integrations{"lambda:invoke",
                                                        "states:startExecution",
                                                        "sqs:sendMessage",
                                                        "sns:publish",
                                                        "dynamodb:getItem",
                                                        "dynamodb:putItem",
                                                        "dynamodb:updateItem",
                                                        "dynamodb:deleteItem",
                                                        "events:putEvents",
                                                        "batch:submitJob",
                                                        "ecs:runTask",
                                                        "apigateway:invoke",
                                                        "http:invoke",
                                                        "glue:startJobRun",
                                                        "codebuild:startBuild",
                                                        "codebuild:stopBuild",
                                                        "athena:startQueryExecution",
                                                        "athena:stopQueryExecution",
                                                        "athena:getQueryExecution",
                                                        "athena:getQueryResults",
                                                        "bedrock:invokeModel",
                                                        "eks:call",
                                                        "eks:runJob",
                                                        "sagemaker:createTrainingJob"};

constexpr std::string_view token_pattern = ".waitForTaskToken";

bool is_known_integration(std::string_view integration) {
  for (const std::string_view pattern :
       {std::string_view(".sync:2"), std::string_view(".sync"), token_pattern}) {
    if (!integration.ends_with(pattern)) continue;
    integration.remove_suffix(pattern.size());
    break;
  }
  if (integration.starts_with("aws-sdk:")) return split(integration, ':').size() == 3;
  return std::find(integrations.begin(), integrations.end(), integration) != integrations.end();
}

bool is_function(const std::vector<std::string_view>& parts) {
  return (parts.size() == 7 || parts.size() == 8) && parts[2] == "lambda" &&
         parts[5] == "function" && !parts[6].empty();
}

}  // namespace

void check_express_resource(std::string_view resource, const std::string& location,
                            Findings& findings) {
  for (const std::string_view pattern : {token_pattern, std::string_view(".sync")}) {
    const bool is_there = pattern == token_pattern ? resource.ends_with(pattern)
                                                   : resource.find(pattern) != resource.npos;
    if (!is_there) continue;
    // Two blanks and all: the service's words.
    return findings.schema(location,
                           concat("Express state machine does not support '", pattern,
                                  "' service integration", pattern == token_pattern ? " " : ""));
  }
  if (is_activity(resource))
    findings.schema(location, "Express state machine does not support Activity ARN");
}

bool waits_for_token(std::string_view resource) { return resource.ends_with(token_pattern); }

bool waits_for_end(std::string_view resource) {
  return resource.ends_with(".sync") || resource.ends_with(".sync:2");
}

bool is_activity(std::string_view resource) {
  const auto parts = split(resource, ':');
  return parts.size() == 7 && parts[2] == "states" && parts[5] == "activity" && !parts[6].empty();
}

void check_resource(std::string_view resource, const std::string& location, Findings& findings) {
  const auto parts = split(resource, ':');
  if (parts.size() < 6 || parts[0] != "arn" || parts[1].empty() || parts[2].empty())
    return findings.schema(location, "Value is not a valid resource ARN");
  if (is_activity(resource)) return;
  const bool is_integration = parts[2] == "states" && parts[3].empty() && parts[4].empty();
  if (is_function(parts)) return;
  if (is_integration && is_known_integration(resource.substr(resource.find(":::") + 3))) return;
  findings.schema(location, concat("The resource provided ", resource,
                                   " is not recognized. The value is not a valid resource ARN, or "
                                   "the resource is not available in this region."));
}

}  // namespace pawl::asl::parse
