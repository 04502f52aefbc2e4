#include "api/batch/members.h"
#include "base/text.h"
#include "jobs/container.h"
#include "jobs/submission.h"

namespace pawl::api::batch {
namespace {

using json::Value;

Result<void> check_platforms(const Value& input) {
  for (const Value& platform : elements_of(input, "platformCapabilities"))
    if (platform != "EC2")
      return refused(concat("the platform capability ", platform.string(),
                            " is not offered by this server: EC2 is"));
  return {};
}

Result<Value> container_of(const Value& properties) {
  const std::string_view image = properties["image"].string();
  if (image != "host")
    return refused(concat("the image ", image,
                          " cannot be run: commands run on the host itself, in no container, "
                          "which the image \"host\" says"));
  const Value none = Value::array();
  const Value empty = Value::object(
      {{"volumes", none}, {"mountPoints", none}, {"ulimits", none}, {"secrets", none}});
  return empty.merged(TRY(jobs::container_of(properties, {})).members());
}

}  // namespace

Result<Value> register_job_definition(const Call& call) {
  const Value& input = call.input;
  const std::string name = input.string_at("jobDefinitionName").value_or("");
  TRY(check_platforms(input));
  TRY(check_texts(input["parameters"], "parameters"));
  TRY(check_tags(input["tags"]));
  TRY(check_timeout(input["timeout"], call.place));
  const int64_t revision = call.jobs.last_revision(name) + 1;
  const std::string arn = call.place.arn("job-definition", concat(name, ":", revision));
  const Value container = TRY(container_of(input["containerProperties"]));
  Value::Object shown = {
      {"jobDefinitionName", name},
      {"jobDefinitionArn", arn},
      {"revision", revision},
      {"status", "ACTIVE"},
      {"type", "container"},
      {"parameters", input["parameters"].is_object() ? input["parameters"] : Value::object()},
      {"containerProperties", container},
      {"tags", input["tags"].is_object() ? input["tags"] : Value::object()},
      {"propagateTags", input.boolean_at("propagateTags").value_or(false)},
      {"platformCapabilities", Value::array({"EC2"})},
      {"containerOrchestrationType", "ECS"}};
  if (const Value retry = input["retryStrategy"]; retry.is_object()) {
    const Value strategy = TRY(jobs::retry_strategy(retry));
    shown.push_back({"retryStrategy", strategy});
  }
  constexpr std::string_view as_given[] = {"timeout", "schedulingPriority"};
  TRY(call.jobs.put(jobs::ResourceKind::definition,
                    Value(std::move(shown)).merged(given(input, as_given))));
  return Value::object(
      {{"jobDefinitionName", name}, {"jobDefinitionArn", arn}, {"revision", revision}});
}

}  // namespace pawl::api::batch
