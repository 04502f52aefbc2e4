#include "sim/scripted_runner.h"

#include "base/text.h"
#include "json/write.h"

namespace pawl::sim {

bool ScriptedRunner::accepts(std::string_view resource) const {
  return resource.starts_with("arn:aws:lambda:") || resource == "arn:aws:states:::lambda:invoke" ||
         resource.starts_with("pawl:map:");
}

void ScriptedRunner::start(engine::TaskRequest request) {
  if (check_) check_(request);
  if (starts_left_ == 0) return;
  --starts_left_;
  ++starts_;
  check_repeat(request);
  std::string id = request.id;
  running_.try_emplace(std::move(id), std::move(request));
}

// The same id must mean the same work, and the same work the same id. States and inputs of the
// simulated machines are such that two pieces of work of one execution are never alike.
void ScriptedRunner::check_repeat(const engine::TaskRequest& request) {
  const int64_t redrives = redrives_ ? redrives_(request.execution_arn) : 0;
  const std::string work = concat(request.execution_arn, "\n", redrives, "\n", request.state, "\n",
                                  request.attempt, "\n", json::write(request.input));
  const std::string& known_work = work_of_id_.try_emplace(request.id, work).first->second;
  if (known_work != work) complaints_.push_back(concat(request.id, " means two pieces of work"));
  const std::string& known_id = id_of_work_.try_emplace(work, request.id).first->second;
  if (known_id != request.id) {
    complaints_.push_back(concat(work, " was started as ", known_id, " and ", request.id));
  }
}

void ScriptedRunner::cancel(std::string_view task_id) {
  cancelled_.emplace_back(task_id);
  running_.erase(std::string(task_id));
}

// By value: what is passed may be the very key that goes.
void ScriptedRunner::succeed(std::string task_id, json::Value output) {
  running_.erase(task_id);
  reports_->finished(task_id, std::move(output));
}

void ScriptedRunner::fail(std::string task_id, std::string error, std::string cause) {
  running_.erase(task_id);
  reports_->finished(task_id, asl::Failure{std::move(error), std::move(cause)});
}

}  // namespace pawl::sim
