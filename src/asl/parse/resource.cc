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
//   arn:<partition>:states:::pawl:batch:waitForJobs
namespace pawl::asl::parse {
namespace {

constexpr std::string_view sync = ".sync", sync_2 = ".sync:2", token = ".waitForTaskToken";

// Actions of one service that have the same forms besides the plain one. A service's name ends at
// the first colon.
struct Integrations {
  std::string_view service, actions, forms;
};

// The service's own integrations, as its Developer Guide has them ("Integrating optimized
// services"), and ours; those with other services are "aws-sdk:<service>:<action>".
constexpr std::array integrations{
    Integrations{"apigateway", "invoke", token},
    Integrations{"athena", "startQueryExecution", sync},
    Integrations{"athena", "stopQueryExecution getQueryExecution getQueryResults", ""},
    Integrations{"batch", "submitJob", sync},
    Integrations{"bedrock", "invokeModel", token},
    Integrations{"bedrock", "createModelCustomizationJob", sync},
    Integrations{"bedrockagentcore", "invokeHarness", ""},
    Integrations{"codebuild", "startBuild startBuildBatch retryBuildBatch", sync},
    Integrations{"codebuild",
                 "stopBuild stopBuildBatch deleteBuildBatch batchDeleteBuilds batchGetReports", ""},
    Integrations{"databrew", "startJobRun", sync},
    Integrations{"dynamodb", "getItem putItem updateItem deleteItem", ""},
    Integrations{"ecs", "runTask", ".sync .waitForTaskToken"},
    Integrations{"eks",
                 "createCluster deleteCluster createNodegroup deleteNodegroup createFargateProfile "
                 "deleteFargateProfile",
                 sync},
    Integrations{"eks", "runJob", ".sync .waitForTaskToken"},
    Integrations{"eks", "call", token},
    Integrations{"elasticmapreduce", "createCluster terminateCluster addStep", sync},
    Integrations{"elasticmapreduce",
                 "cancelStep setClusterTerminationProtection modifyInstanceFleetByName "
                 "modifyInstanceGroupByName",
                 ""},
    Integrations{"emr-containers", "createVirtualCluster", ""},
    Integrations{"emr-containers", "deleteVirtualCluster startJobRun", sync},
    Integrations{"emr-serverless",
                 "createApplication startApplication stopApplication deleteApplication startJobRun "
                 "cancelJobRun",
                 sync},
    Integrations{"events", "putEvents", token},
    Integrations{"glue", "startJobRun", sync},
    Integrations{"http", "invoke", ""},
    Integrations{"lambda", "invoke", token},
    Integrations{"mediaconvert", "createJob", sync},
    Integrations{"pawl", "batch:waitForJobs", ""},  // our own
    Integrations{"sagemaker",
                 "createHyperParameterTuningJob createLabelingJob createProcessingJob "
                 "createTrainingJob createTransformJob",
                 sync},
    Integrations{"sagemaker", "createEndpoint createEndpointConfig createModel updateEndpoint", ""},
    Integrations{"sns", "publish", token},
    Integrations{"sqs", "sendMessage", token},
    Integrations{"states", "startExecution", ".sync .sync:2 .waitForTaskToken"}};

bool is_known_integration(std::string_view integration) {
  std::string_view form;
  for (const std::string_view each : {sync_2, sync, token})
    if (form.empty() && integration.ends_with(each)) form = each;
  integration.remove_suffix(form.size());
  const size_t service_size = std::min(integration.find(':'), integration.size());
  const std::string_view service = integration.substr(0, service_size);
  const std::string_view action =
      integration.substr(std::min(service_size + 1, integration.size()));
  if (service == "aws-sdk")
    return std::count(action.begin(), action.end(), ':') == 1 && (form.empty() || form == token);
  return std::any_of(integrations.begin(), integrations.end(), [&](const Integrations& known) {
    return known.service == service && is_one_of(action, known.actions) &&
           (form.empty() || is_one_of(form, known.forms));
  });
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
  for (const std::string_view pattern : {token, sync}) {
    const bool is_there =
        pattern == token ? resource.ends_with(pattern) : resource.find(pattern) != resource.npos;
    if (!is_there) continue;
    // Two blanks and all: the service's words.
    return findings.schema(location, concat("Express state machine does not support '", pattern,
                                            "' service integration", pattern == token ? " " : ""));
  }
  if (is_activity(resource))
    findings.schema(location, "Express state machine does not support Activity ARN");
}

bool waits_for_token(std::string_view resource) { return resource.ends_with(token); }

bool waits_for_end(std::string_view resource) {
  return resource.ends_with(sync) || resource.ends_with(sync_2);
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
