#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "store/store.h"

namespace pawl::engine {

// How a Task state starts another execution: by the resource arn:aws:states:::states:startExecution
// and answered at once; with .sync, answered when the child has closed, its output as JSON text;
// with .sync:2, its output as a value.
enum class ChildForm { request, sync, sync2 };
std::optional<ChildForm> child_form(std::string_view resource);

// What the task's Parameters ask for. Where they give no name, it is the task's id, so that the
// same child is found when the task is started again after a crash.
asl::Outcome<NewExecution> child_request(const std::string& task_id, const json::Value& parameters);

// The answer to the request to start.
json::Value child_started(const Started& started);
// A refused start, as the service's SDK error ("StepFunctions.ExecutionAlreadyExistsException").
asl::Failure child_refused(const Error& error);
// The answer when the child has closed. REQUIRES: it has, and the row has its input and output.
asl::Outcome<json::Value> child_outcome(ChildForm form, const store::Execution& closed);

// Which tasks wait for which open executions.
class ChildExecutions {
 public:
  struct Waiter {
    int64_t parent_id;
    execution::EffectId task;
    ChildForm form;
  };
  struct Child {
    int64_t id;
    std::string arn;
  };

  void wait(const Waiter& waiter, Child child);
  const Child* child_of(int64_t parent_id, execution::EffectId task) const;
  // The task waits no longer.
  void forget(int64_t parent_id, execution::EffectId task);
  // The child has closed: who waited for it waits no longer.
  std::vector<Waiter> take_waiters(int64_t child_id);

 private:
  std::multimap<int64_t, Waiter> waiters_;  // by child
  std::map<std::pair<int64_t, execution::EffectId>, Child> children_;
};

}  // namespace pawl::engine
