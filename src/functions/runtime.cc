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

Outcome as_invocation_result(Outcome outcome) {
  if (!outcome) return outcome;
  return json::Value::object(
      {{"ExecutedVersion", "$LATEST"}, {"Payload", std::move(*outcome)}, {"StatusCode", 200}});
}

Outcome as_accepted(Outcome outcome) {
  if (!outcome) return outcome;
  return json::Value::object({{"Payload", std::move(*outcome)}, {"StatusCode", 202}});
}

asl::Outcome<Invocation> invocation_of(engine::TaskRequest& request) {
  if (is_invoke_integration(request.resource)) return parse_invocation(request.input);
  auto target = parse_target(request.resource);
  CHECK(target.has_value());
  return Invocation{std::move(*target), std::move(request.input)};
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

asl::Outcome<const Function*> Runtime::resolve(const Target& target,
                                               std::string_view execution_arn) const {
  const Function* found = target.version == "$LATEST" ? registry_.find(target.name) : nullptr;
  if (found) return found;
  const std::string arn = target.arn(execution_arn);
  log(LogLevel::warning, "a function was called that is not there",
      {{"function", arn}, {"similar", names_like(target.name)}});
  return asl::Failure{"Lambda.ResourceNotFoundException", concat("Function not found: ", arn)};
}

// A few, the most alike first; a version that is not there is of a name that is.
std::string Runtime::names_like(const std::string& name) const {
  constexpr size_t names_max = 3;
  std::vector<std::string> names, similar;
  for (const auto& [built_in, function] : registry_.all()) names.push_back(built_in);
  if (host_)
    for (const auto& definition : host_->all()) names.push_back(definition->name);
  while (similar.size() < names_max) {
    const auto next = nearest(name, names);
    if (!next) break;
    std::erase(names, *next);
    similar.push_back(*next);
  }
  return join(similar, " ");
}

bool Runtime::accepts(std::string_view resource) const {
  return is_function_arn(resource) || is_invoke_integration(resource);
}

void Runtime::start(engine::TaskRequest request) {
  std::vector<engine::TaskRequest> requests;
  requests.push_back(std::move(request));
  start_all(std::move(requests));
}

void Runtime::start_all(std::vector<engine::TaskRequest> requests) {
  CHECK(reports_ != nullptr);
  std::vector<Job> jobs;
  jobs.reserve(requests.size());
  for (engine::TaskRequest& request : requests) {
    Job job;
    job.done = end_of_task(*reports_);
    job.progress = [reports = reports_](const std::string& id, engine::Progress progress) {
      reports->progressed(id, std::move(progress));
    };
    job.is_durable = true;
    if (auto ready = job_of(std::move(request), std::move(job))) jobs.push_back(*std::move(ready));
  }
  workers_->submit(std::move(jobs));
}

void Runtime::run(engine::TaskRequest request, std::function<void(Outcome)> done) {
  Job job;
  job.done = for_one(std::move(done));
  if (auto ready = job_of(std::move(request), std::move(job))) workers_->submit(*std::move(ready));
}

std::optional<Job> Runtime::job_of(engine::TaskRequest request, Job job) {
  const auto fail = [&](asl::Failure failure) {
    job.done(request.id, std::move(failure));
    return std::nullopt;
  };
  auto invocation = invocation_of(request);
  if (!invocation) return fail(invocation.error());
  if (runs_in_process(invocation->target)) {
    call_in_process(std::move(request), *std::move(invocation), std::move(job));
    return std::nullopt;
  }
  if (!invocation->is_waited_for)
    return fail({"States.Runtime",
                 "InvocationType Event is not supported for a function that is built in"});
  const auto function = resolve(invocation->target, request.execution_arn);
  if (!function) return fail(function.error());
  job.function = *function;
  job.id = std::move(request.id);
  job.execution_arn = std::move(request.execution_arn);
  job.execution_name = std::move(request.execution_name);
  job.attempt = request.attempt;
  job.event = std::move(invocation->payload);
  if (is_invoke_integration(request.resource))
    job.done = [done = std::move(job.done)](const std::string& id, Outcome outcome) {
      done(id, as_invocation_result(std::move(outcome)));
    };
  return job;
}

bool Runtime::runs_in_process(const Target& target) const {
  return host_ && target.version == "$LATEST" && !registry_.find(target.name) &&
         host_->find(target.name);
}

void Runtime::call_in_process(engine::TaskRequest request, Invocation invocation, Job job) {
  const std::string name = invocation.target.name;
  processes::Event event{.id = request.id, .payload = json::write(invocation.payload)};
  const bool is_waited_for = invocation.is_waited_for;
  const processes::Done done = [request = std::move(request), job = std::move(job),
                                is_waited_for](const processes::Answer& answer) {
    // The task is open, and the next server's.
    if (job.is_durable && answer.kind == processes::Answer::Kind::stopping) return;
    Outcome outcome = processes::outcome_of(answer, request.resource);
    if (is_invoke_integration(request.resource))
      outcome = is_waited_for ? as_invocation_result(std::move(outcome))
                              : as_accepted(std::move(outcome));
    job.done(request.id, std::move(outcome));
  };
  if (is_waited_for) return host_->invoke(name, std::move(event), done);
  const auto accept = [host = host_, name, event = std::move(event), done] {
    const auto accepted = host->accept(name, event);
    done(accepted ? processes::Answer{.payload = "{}"}
                  : processes::error_answer("Lambda.ServiceException", accepted.error().text()));
  };
  host_->do_later(accept, [done] { done({.kind = processes::Answer::Kind::stopping}); });
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
  const auto found = resolve(*target, {});
  if (!found) return done(found.error());
  world::OsRandom random;
  Job job;
  job.function = *found;
  job.id = world::make_uuid(random);
  job.event = std::move(event);
  job.done = for_one(std::move(done));
  workers_->submit(std::move(job));
}

void Runtime::drain() {
  workers_->drain();
  if (host_) host_->drain();
}

}  // namespace pawl::functions
