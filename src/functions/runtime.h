#pragma once

#include <memory>
#include <string>

#include "engine/tasks.h"
#include "functions/function.h"
#include "world/clock.h"

namespace pawl::functions {

struct Limits {
  int concurrency = 1000;       // calls at once in the account
  size_t waiting_max = 10'000;  // calls that wait for a slot; more are throttled
};

// Runs built-in functions on threads of its own. A call over the concurrency waits for a slot in
// order; when too many wait it fails with Lambda.TooManyRequestsException. At its time limit a call
// is cancelled and fails as a time-out; its thread ends when the function notices.
class Runtime : public engine::TaskRunner {
 public:
  Runtime(const Registry& registry, Limits limits, world::Clock& clock);
  ~Runtime() override;  // cancels what runs and waits for it

  // Where task ends are told. REQUIRES: before the first start.
  void report_to(engine::TaskReports& reports);

  // Takes arn:aws:lambda:*:*:function:NAME[:VERSION] and arn:aws:states:::lambda:invoke, whose
  // output is {"ExecutedVersion", "Payload", "StatusCode"}.
  bool accepts(std::string_view resource) const override;
  void start(engine::TaskRequest request) override;
  void cancel(std::string_view task_id) override;

  // A direct call, for the Lambda API. `done` is called on a thread of the runtime.
  void invoke(std::string_view function, json::Value event,
              std::function<void(asl::Outcome<json::Value>)> done);

  // Requests cancellation of everything that runs and waits until it has ended.
  void drain();

  const Registry& registry() const;

 private:
  struct Workers;
  std::unique_ptr<Workers> workers_;
};

}  // namespace pawl::functions
