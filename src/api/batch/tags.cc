#include "api/batch/compute_environments.h"
#include "api/batch/members.h"
#include "base/text.h"

namespace pawl::api::batch {
namespace {

using json::Value;

struct Tagged {
  Value shown;
  std::optional<jobs::ResourceKind> kind;  // none: a job, whose tags are those it came with
};

Result<Tagged> tagged(const Call& call) {
  const std::string arn = call.input.string_at("resourceArn").value_or("");
  if (const auto* found = call.jobs.environment(arn))
    return Tagged{found->shown, jobs::ResourceKind::environment};
  if (const auto* found = call.jobs.queue(arn))
    return Tagged{found->shown, jobs::ResourceKind::queue};
  if (const auto* found = call.jobs.policy(arn))
    return Tagged{found->shown, jobs::ResourceKind::policy};
  if (const auto* found = call.jobs.definition(arn); found != nullptr && found->arn == arn)
    return Tagged{found->shown, jobs::ResourceKind::definition};
  const auto target = call.jobs.find(arn.substr(arn.rfind('/') + 1));
  if (target.job != nullptr && target.job->specification.arn == arn)
    return Tagged{target.job->specification.shown, std::nullopt};
  return refused(concat("the resource ", arn, " does not exist"));
}

Value tags_of(const Tagged& resource) {
  const Value tags = resource.shown["tags"];
  return tags.is_object() ? tags : Value::object();
}

Result<Value> keep(const Call& call, const Tagged& resource, const Value& tags) {
  if (!resource.kind)
    return refused("the tags of a job cannot be changed: it has those it was submitted with");
  TRY(check_tags(tags));
  const Value shown = resource.shown.with("tags", tags);
  if (*resource.kind == jobs::ResourceKind::environment) {
    // What runs is asked for where it was started.
    if (tags[executor_tag] != tags_of(resource)[executor_tag])
      return refused(concat("the tag ", executor_tag,
                            " of a compute environment is given when it is created, and stays"));
    TRY(check_environment(shown));
  }
  TRY(call.jobs.put(*resource.kind, shown));
  return Value::object();
}

}  // namespace

Result<Value> list_tags_for_resource(const Call& call) {
  const Tagged resource = TRY(tagged(call));
  return Value::object({{"tags", tags_of(resource)}});
}

Result<Value> tag_resource(const Call& call) {
  const Tagged resource = TRY(tagged(call));
  return keep(call, resource, tags_of(resource).merged(call.input["tags"].members()));
}

Result<Value> untag_resource(const Call& call) {
  const Tagged resource = TRY(tagged(call));
  Value tags = tags_of(resource);
  for (const Value& key : elements_of(call.input, "tagKeys")) tags = tags.without(key.string());
  return keep(call, resource, tags);
}

}  // namespace pawl::api::batch
