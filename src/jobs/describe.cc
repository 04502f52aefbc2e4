#include "jobs/describe.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace pawl::jobs {
namespace {

using json::Value;

// Of a job that is no array its one child; of an array's parent none.
const Child* child_of(const Target& target) {
  if (target.job->is_array() && !target.index) return nullptr;
  return &target.job->children.at(static_cast<size_t>(target.index.value_or(0)));
}

void set_moment(Value& shown, std::string_view name, const std::optional<Instant>& instant) {
  if (instant) shown = shown.with(name, epoch_milliseconds(*instant));
}

void set_text(Value& shown, std::string_view name, const std::string& text) {
  if (!text.empty()) shown = shown.with(name, text);
}

// What the container of an attempt came to, over what it was given.
Value container_of(Value container, const Job& job, int32_t index, const AttemptEnd& ended) {
  if (ended.exit_code) container = container.with("exitCode", *ended.exit_code);
  set_text(container, "reason", ended.reason);
  return container.with("logStreamName", log_stream(job, index, ended.number));
}

Value attempt_of(const Job& job, int32_t index, const AttemptEnd& ended) {
  Value shown = Value::object({{"container", container_of(Value::object(), job, index, ended)}});
  set_moment(shown, "startedAt", ended.started);
  set_moment(shown, "stoppedAt", ended.stopped);
  set_text(shown, "statusReason", ended.status_reason);
  return shown;
}

// A dependency of a child by index is on the child of that index.
Value dependencies_of(const Target& target) {
  const Value all = target.job->specification.shown["dependsOn"];
  if (!all.is_array()) return Value::array();
  if (!target.index) return all;
  Value::Array own;
  for (const Value& each : all.elements()) {
    const auto on = each.string_at("jobId");
    const bool is_paired = each["type"] == "N_TO_N" && on;
    own.push_back(is_paired ? each.with("jobId", concat(*on, ":", *target.index)) : each);
  }
  return own;
}

// The members that DescribeJobs and ListJobs have in common.
void set_state(Value& shown, const Target& target) {
  const Job& job = *target.job;
  const Child* child = child_of(target);
  const Status status = status_of(target);
  const std::string& reason = child != nullptr ? child->reason : job.reason;
  const bool has_begun = status >= Status::running;
  shown = shown.with("status", name(status));
  set_text(shown, "statusReason", reason);
  if (child == nullptr)
    set_moment(shown, "startedAt", job.started);
  else if (has_begun)
    set_moment(shown, "startedAt", child->started);
  if (is_ended(status)) set_moment(shown, "stoppedAt", child ? child->stopped : job.stopped);
}

void set_array(Value& shown, const Target& target) {
  if (target.index)
    shown = shown.with("arrayProperties", Value::object({{"index", *target.index}}));
  else if (target.job->is_array())
    shown =
        shown.with("arrayProperties", Value::object({{"statusSummary", status_summary(*target.job)},
                                                     {"size", target.job->specification.size}}));
}

char letter(Status status) {
  constexpr std::string_view letters = "PPQSRDF";
  return letters.at(static_cast<size_t>(status));
}

}  // namespace

int64_t epoch_milliseconds(Instant instant) {
  return std::chrono::duration_cast<milliseconds>(instant.time_since_epoch()).count();
}

std::string id_of(const Target& target) {
  const std::string& id = target.job->specification.id;
  return target.index ? concat(id, ":", *target.index) : id;
}

Status status_of(const Target& target) {
  const Child* child = child_of(target);
  return child != nullptr ? child->status : target.job->status;
}

std::string log_stream(const Job& job, int32_t index, int32_t attempt) {
  const std::string of = job.is_array() ? concat(index) : "job";
  return concat(job.specification.id, "/", of, ".", attempt);
}

Value status_summary(const Job& job) {
  Value::Object counts;
  for (int i = 0; i < status_count; ++i) {
    const auto status = static_cast<Status>(i);
    counts.push_back({std::string(name(status)), job.count(status)});
  }
  return counts;
}

std::string status_letters(const Job& job) {
  std::string letters;
  letters.reserve(job.children.size());
  for (const Child& child : job.children) letters += letter(child.status);
  return letters;
}

Value described(const Target& target) {
  const Job& job = *target.job;
  const Child* child = child_of(target);
  const int32_t index = target.index.value_or(0);
  Value shown = job.specification.shown.without("clientToken");
  shown = shown.with("jobId", id_of(target));
  if (target.index) shown = shown.with("jobArn", concat(job.specification.arn, ":", index));
  set_state(shown, target);
  set_array(shown, target);
  Value::Array attempts;
  if (child != nullptr)
    for (const AttemptEnd& ended : child->ended) attempts.push_back(attempt_of(job, index, ended));
  if (!attempts.empty() && is_ended(child->status)) {
    const Value container = job.specification.shown["container"];
    shown = shown.with("container", container_of(container, job, index, child->ended.back()));
  } else if (child != nullptr && child->is_handed) {
    const Value container = job.specification.shown["container"];
    shown = shown.with("container",
                       container.with("logStreamName", log_stream(job, index, child->attempt)));
  }
  const auto is_of = [&](bool whole, Failing failing) {
    return whole || (child != nullptr && child->failing == failing);
  };
  return shown.with("attempts", std::move(attempts))
      .with("dependsOn", dependencies_of(target))
      .with("isCancelled", is_of(job.is_cancelled, Failing::cancelled))
      .with("isTerminated", is_of(job.is_terminated, Failing::terminated));
}

Value summary(const Target& target) {
  const Job& job = *target.job;
  const Child* child = child_of(target);
  const std::string arn = job.specification.arn;
  Value shown = Value::object({{"jobArn", target.index ? concat(arn, ":", *target.index) : arn},
                               {"jobId", id_of(target)},
                               {"jobName", job.specification.name},
                               {"createdAt", epoch_milliseconds(job.specification.created)},
                               {"jobDefinition", job.specification.definition_arn}});
  set_text(shown, "shareIdentifier", job.specification.share);
  set_state(shown, target);
  set_array(shown, target);
  if (child != nullptr && is_ended(child->status) && !child->ended.empty()) {
    const AttemptEnd& last = child->ended.back();
    Value container = Value::object();
    if (last.exit_code) container = container.with("exitCode", *last.exit_code);
    set_text(container, "reason", last.reason);
    shown = shown.with("container", container);
  }
  return shown;
}

Value described(const Jobs& jobs, const Environment& environment) {
  const Value resources = environment.shown["computeResources"];
  if (!resources.is_object()) return environment.shown;
  const auto used = static_cast<int64_t>(std::ceil(jobs.vcpus_used(environment.arn) - 1e-9));
  const int64_t least = resources.integer_at("minvCpus").value_or(0);
  const int64_t most = std::max(least, resources.integer_at("maxvCpus").value_or(0));
  return environment.shown.with("computeResources",
                                resources.with("desiredvCpus", std::clamp(used, least, most)));
}

}  // namespace pawl::jobs
