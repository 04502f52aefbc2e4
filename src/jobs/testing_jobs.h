#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/text.h"
#include "jobs/jobs.h"

namespace pawl::jobs {

inline Instant at(int64_t seconds_since_epoch) { return Instant(seconds(seconds_since_epoch)); }

// Jobs, and what was asked of their executors: attempts by their names, "a:3#1".
class TestingJobs {
 public:
  explicit TestingJobs(double vcpus = 4, bool gates = false)
      : jobs([gates](const std::string&) { return gates; }) {
    environment("e", vcpus);
    queue("q", {"e"});
  }

  void environment(const std::string& name, double vcpus) {
    put(ResourceKind::environment,
        json::Value::object({{"computeEnvironmentArn", name},
                             {"computeEnvironmentName", name},
                             {"state", "ENABLED"},
                             {"computeResources", json::Value::object({{"maxvCpus", vcpus}})}}));
  }
  void queue(const std::string& name, const std::vector<std::string>& environments,
             int64_t priority = 1, const std::string& policy = "") {
    json::Value::Array order;
    for (const std::string& each : environments)
      order.push_back(json::Value::object({{"computeEnvironment", each}}));
    json::Value shown = json::Value::object({{"jobQueueArn", name},
                                             {"jobQueueName", name},
                                             {"state", "ENABLED"},
                                             {"priority", priority},
                                             {"computeEnvironmentOrder", std::move(order)}});
    if (!policy.empty()) shown = shown.with("schedulingPolicyArn", policy);
    put(ResourceKind::queue, shown);
  }
  void put(ResourceKind kind, const json::Value& shown) {
    const auto done = jobs.put(kind, shown);
    ASSERT_TRUE(done.has_value()) << done.error().text();
  }

  static json::Value shown(const std::string& id, int size = 0, const std::string& queue = "q") {
    json::Value value = json::Value::object(
        {{"jobId", id},
         {"jobName", id},
         {"jobQueue", queue},
         {"createdAt", 0},
         {"container",
          json::Value::object({{"command", json::Value::array({"true"})},
                               {"resourceRequirements", json::Value::array({requirement(1)})}})}});
    if (size > 0) value = value.with("arrayProperties", json::Value::object({{"size", size}}));
    return value;
  }
  static json::Value requirement(int vcpus) {
    return json::Value::object({{"type", "VCPU"}, {"value", concat(vcpus)}});
  }
  static json::Value after(const std::string& id, const std::string& type = "") {
    json::Value dependency = json::Value::object({{"jobId", id}});
    if (!type.empty()) dependency = dependency.with("type", type);
    return json::Value::array({dependency});
  }
  static json::Value retried(int attempts) { return json::Value::object({{"attempts", attempts}}); }

  Result<std::string> submit(const json::Value& value) { return jobs.submit(value, now); }
  // REQUIRES: it is taken.
  void add(const json::Value& value) {
    const auto done = submit(value);
    ASSERT_TRUE(done.has_value()) << done.error().text();
  }

  // What is asked of executors now, in order: "a:3#1", "stop a:3#1".
  std::vector<std::string> schedule() {
    jobs.schedule(now);
    return effects();
  }
  std::vector<std::string> effects() {
    std::vector<std::string> asked;
    for (Change& change : jobs.take_changes()) changes.push_back(std::move(change));
    for (const Effect& effect : jobs.take_effects()) {
      if (const auto* start = std::get_if<StartChildren>(&effect)) {
        for (const int32_t index : start->indexes)
          asked.push_back(concat(name(start->job, index, start->attempt),
                                 start->after_job_id.empty() ? "" : " after ",
                                 start->after_job_id));
      } else if (const auto* stop = std::get_if<StopChild>(&effect)) {
        asked.push_back(concat("stop ", name(stop->job, stop->index, stop->attempt)));
      } else if (const auto* ended = std::get_if<JobEnded>(&effect)) {
        asked.push_back(concat("ended ", jobs.job(ended->job)->specification.id));
      }
    }
    return asked;
  }
  std::string name(int64_t number, int32_t index, int32_t attempt) const {
    const Job& job = *jobs.job(number);
    return job.is_array() ? concat(job.specification.id, ":", index, "#", attempt)
                          : concat(job.specification.id, "#", attempt);
  }

  void start(const std::string& id, std::optional<int32_t> index = {}, int32_t attempt = 1) {
    jobs.started(id, index, attempt, now, "here");
  }
  void end(const std::string& id, std::optional<int32_t> index, int32_t exit_code,
           int32_t attempt = 1) {
    jobs.ended(id, index, attempt, now,
               {.exit_code = exit_code, .reason = {}, .status_reason = {}});
  }

  const Child& child(const std::string& id, int32_t index = 0) const {
    return jobs.find(id).job->children.at(static_cast<size_t>(index));
  }
  // "PENDING RUNNABLE …" of its children, and the job's own before them.
  std::string statuses(const std::string& id) const {
    const Job& job = *jobs.find(id).job;
    std::string all(jobs::name(job.status));
    if (!job.is_array()) return all;
    for (const Child& each : job.children) all += concat(" ", jobs::name(each.status));
    return all;
  }

  Jobs jobs;
  Instant now = at(1000);
  std::vector<Change> changes;  // all, in order
};

}  // namespace pawl::jobs
