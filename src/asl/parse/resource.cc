#include <algorithm>
#include <array>

#include "asl/parse/read.h"
#include "base/arn.h"
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

bool is_function(const Arn& arn) {
  const auto pieces = arn.resource_pieces();
  return arn.service == "lambda" && (pieces.size() == 2 || pieces.size() == 3) &&
         pieces[0] == "function" && !pieces[1].empty();
}

bool is_integration(const Arn& arn) {
  return arn.service == "states" && arn.region.empty() && arn.account.empty() &&
         is_known_integration(arn.resource);
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
  const Arn arn = parse_arn(resource).value_or(Arn());
  const auto pieces = arn.resource_pieces();
  return arn.service == "states" && pieces.size() == 2 && pieces[0] == "activity" &&
         !pieces[1].empty();
}

void check_resource(std::string_view resource, const std::string& location, Findings& findings) {
  const auto arn = parse_arn(resource);
  if (!arn) return findings.schema(location, "Value is not a valid resource ARN");
  if (is_activity(resource) || is_function(*arn) || is_integration(*arn)) return;
  findings.schema(location, concat("The resource provided ", resource,
                                   " is not recognized. The value is not a valid resource ARN, or "
                                   "the resource is not available in this region."));
}

}  // namespace pawl::asl::parse
