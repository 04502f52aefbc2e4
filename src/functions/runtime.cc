#include "functions/runtime.h"

#include "base/log.h"
#include "base/text.h"
#include "functions/target.h"
#include "functions/workers.h"
#include "json/write.h"
#include "world/os_clock.h"

namespace pawl::functions {
namespace {

using Outcome = asl::Outcome<json::Value>;

std::string names_of(const Registry& registry) {
  std::vector<std::string> names;
  for (const auto& [name, function] : registry.all()) names.push_back(name);
  return join(names, " ");
}

// The function, or the failure that the service has for one that is not there.
asl::Outcome<const Function*> resolve(const Registry& registry, const Target& target,
                                      std::string_view execution_arn) {
  const Function* found = target.version == "$LATEST" ? registry.find(target.name) : nullptr;
  if (found) return found;
  const std::string arn = target.arn(execution_arn);
  log(LogLevel::warning, "a function was called that is not there",
      {{"function", arn}, {"functions", names_of(registry)}});
  return asl::Failure{"Lambda.ResourceNotFoundException", concat("Function not found: ", arn)};
}

Outcome as_invocation_result(Outcome outcome) {
  if (!outcome) return outcome;
  return json::Value::object(
      {{"ExecutedVersion", "$LATEST"}, {"Payload", std::move(*outcome)}, {"StatusCode", 200}});
}

Outcome as_accepted(Outcome outcome) {
  if (!outcome) return outcome;
  return json::Value::object({{"Payload", std::move(*outcome)}, {"StatusCode", 202}});
}

// Of a function that runs in processes.
Outcome task_outcome(const engine::TaskRequest& request, const processes::Answer& answer) {
  Outcome outcome = processes::outcome_of(answer, request.resource);
  if (!is_invoke_integration(request.resource)) return outcome;
  const bool is_waited_for = request.input.string_at("InvocationType") != "Event";
  return is_waited_for ? as_invocation_result(std::move(outcome)) : as_accepted(std::move(outcome));
}

asl::Outcome<Invocation> invocation_of(const engine::TaskRequest& request) {
  if (is_invoke_integration(request.resource)) return parse_invocation(request.input);
  auto target = parse_target(request.resource);
  CHECK(target.has_value());
  return Invocation{std::move(*target), request.input};
}

}  // namespace

Runtime::Runtime(const Registry& registry, Limits limits, world::Clock& clock)
    : registry_(registry), workers_(std::make_unique<Workers>(limits, clock)) {}

Runtime::~Runtime() = default;

void Runtime::report_to(engine::TaskReports& reports) { reports_ = &reports; }

const Registry& Runtime::registry() const { return registry_; }

bool Runtime::knows(std::string_view function) const {
  return registry_.find(function) || (host_ && host_->find(function));
}

bool Runtime::accepts(std::string_view resource) const {
  return is_function_arn(resource) || is_invoke_integration(resource);
}

asl::Outcome<Job> Runtime::job_of(engine::TaskRequest request, std::function<void(Outcome)> done) {
  auto invocation = TRY(invocation_of(request));
  if (!invocation.is_waited_for)
    return asl::Failure{"States.Runtime",
                        "InvocationType Event is not supported for a function that is built in"};
  const Function* function = TRY(resolve(registry_, invocation.target, request.execution_arn));
  Job job;
  job.function = function;
  job.id = std::move(request.id);
  job.execution_arn = std::move(request.execution_arn);
  job.execution_name = std::move(request.execution_name);
  job.attempt = request.attempt;
  job.event = std::move(invocation.payload);
  job.done = std::move(done);
  if (is_invoke_integration(request.resource))
    job.done = [done = std::move(job.done)](Outcome outcome) {
      done(as_invocation_result(std::move(outcome)));
    };
  return job;
}

bool Runtime::run_in_process(const engine::TaskRequest& request, processes::Done done) {
  if (!host_) return false;
  const auto invocation = invocation_of(request);
  if (!invocation || invocation->target.version != "$LATEST") return false;
  const std::string& name = invocation->target.name;
  if (registry_.find(name) || !host_->find(name)) return false;
  processes::Event event{.id = request.id, .payload = json::write(invocation->payload)};
  if (invocation->is_waited_for) {
    host_->invoke(name, std::move(event), std::move(done));
    return true;
  }
  return host_->do_later([host = host_, name, event = std::move(event), done = std::move(done)] {
    const auto accepted = host->accept(name, event);
    done(accepted ? processes::Answer{.payload = "{}"}
                  : processes::error_answer("Lambda.ServiceException", accepted.error().text()));
  });
}

void Runtime::start(engine::TaskRequest request) {
  CHECK(reports_ != nullptr);
  const std::string id = request.id;
  const bool is_running =
      run_in_process(request, [reports = reports_, id, request](const processes::Answer& answer) {
        // The task is open, and the next server's.
        if (answer.kind == processes::Answer::Kind::stopping) return;
        reports->finished(id, task_outcome(request, answer));
      });
  if (is_running) return;
  auto job = job_of(std::move(request), [reports = reports_, id](Outcome outcome) {
    reports->finished(id, std::move(outcome));
  });
  if (!job) return reports_->finished(id, std::move(job).error());
  job->progress = [reports = reports_, id](engine::Progress progress) {
    reports->progressed(id, std::move(progress));
  };
  job->is_durable = true;
  workers_->submit(*std::move(job));
}

void Runtime::run(engine::TaskRequest request, std::function<void(Outcome)> done) {
  const bool is_running = run_in_process(request, [done, request](const processes::Answer& answer) {
    done(task_outcome(request, answer));
  });
  if (is_running) return;
  auto job = job_of(std::move(request), done);
  if (!job) return done(std::move(job).error());
  workers_->submit(*std::move(job));
}

void Runtime::cancel(std::string_view task_id) {
  workers_->cancel(task_id);
  if (host_) host_->cancel(task_id);
}

void Runtime::invoke(std::string_view function, json::Value event,
                     std::function<void(Outcome)> done) {
  const auto target = parse_target(function);
  if (!target)
    return done(asl::Failure{"Lambda.InvalidParameterValueException",
                             concat("This is no name of a function: ", function)});
  const auto found = resolve(registry_, *target, {});
  if (!found) return done(found.error());
  world::OsRandom random;
  Job job;
  job.function = *found;
  job.id = world::make_uuid(random);
  job.event = std::move(event);
  job.done = std::move(done);
  workers_->submit(std::move(job));
}

void Runtime::drain() {
  workers_->drain();
  if (host_) host_->drain();
}

}  // namespace pawl::functions
