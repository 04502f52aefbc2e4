#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/tasks.h"
#include "functions/function.h"
#include "functions/processes/host.h"
#include "world/clock.h"

namespace pawl::functions {

class Workers;
struct Job;
struct Target;
struct Invocation;

struct Limits {
  int concurrency = 1000;       // calls at once in the account
  size_t waiting_max = 10'000;  // calls that wait for a slot; more are throttled
};

// Runs built-in functions on threads of its own. A call over the concurrency waits for a slot in
// order; when too many wait it fails with Lambda.TooManyRequestsException. At its time limit a call
// is cancelled and fails as a time-out (Sandbox.Timedout); its thread and its slot are free again
// when the function notices.
class Runtime : public engine::TaskRunner {
 public:
  Runtime(const Registry& registry, Limits limits, world::Clock& clock);
  ~Runtime() override;  // cancels what runs and waits for it

  // Where task ends are told. REQUIRES: before the first start.
  void report_to(engine::TaskReports& reports);
  // The functions that run in processes, beside those that are built in, which win where both have
  // a name. REQUIRES: before the first start; the host outlives this.
  void add(processes::Host& host) { host_ = &host; }
  // Null: there are only built-in ones.
  processes::Host* host() const { return host_; }
  bool knows(std::string_view function) const;

  // Takes arn:aws:lambda:*:*:function:NAME[:VERSION] and arn:aws:states:::lambda:invoke, whose
  // output is {"ExecutedVersion", "Payload", "StatusCode"}.
  bool accepts(std::string_view resource) const override;
  void start(engine::TaskRequest request) override;
  void start_all(std::vector<engine::TaskRequest> requests) override;
  void cancel(std::string_view task_id) override;

  // A direct call, for the Lambda API, by name or ARN. `done` is called once, on a thread of the
  // runtime, or at once where the call cannot be made.
  void invoke(std::string_view function, json::Value event,
              std::function<void(asl::Outcome<json::Value>)> done);

  // Like start, for the caller alone, with `done` as in invoke. REQUIRES: accepts the resource.
  void run(engine::TaskRequest request, std::function<void(asl::Outcome<json::Value>)> done);

  // Requests cancellation of everything that runs and waits until it has ended. Nothing starts any
  // more. A task that fails because of it is not reported: it is open, and the next server's.
  void drain();

  const Registry& registry() const;

 private:
  // The job that makes the call, from one that has the ends of its caller. Nothing where those
  // have been told, or will be without it.
  std::optional<Job> job_of(engine::TaskRequest request, Job job);
  // The built-in function, or the failure that the service has for one that is not there.
  asl::Outcome<const Function*> resolve(const Target& target, std::string_view execution_arn) const;
  std::string names_like(const std::string& name) const;
  bool runs_in_process(const Target& target) const;
  void call_in_process(engine::TaskRequest request, Invocation invocation, Job job);

  const Registry& registry_;
  processes::Host* host_ = nullptr;
  engine::TaskReports* reports_ = nullptr;
  std::unique_ptr<Workers> workers_;
};

}  // namespace pawl::functions
