#include "integrations/services.h"

#include <algorithm>
#include <limits>

#include "aws/signature.h"
#include "base/arn.h"
#include "base/text.h"
#include "http/client.h"
#include "integrations/json_services.h"
#include "integrations/lambda.h"
#include "integrations/resource.h"
#include "integrations/topic.h"

namespace pawl::integrations {
namespace {

using json::Value;

// The engine limits how many tasks there are; none of them is turned away here.
constexpr size_t waiting_max = std::numeric_limits<size_t>::max();
// Of a call as a whole; the request's own limit is shorter and tells more.
constexpr Duration call_limit = hours(1);

// The name of the service that a task of the resource asks; empty where none of ours does it.
std::string_view service_of(std::string_view resource) {
  if (calls_function(resource)) return "lambda";
  const auto asked = parse_resource(resource);
  if (!asked) return {};
  if (!asked->is_sdk && asked->service == "sns" && asked->action == "publish") return "sns";
  const JsonService* service = json_service(*asked);
  return service == nullptr ? std::string_view() : service->endpoint;
}

// REQUIRES: service_of knows the resource.
asl::Outcome<Call> call_of(const engine::TaskRequest& task, const std::string& endpoint) {
  if (calls_function(task.resource)) return invoke({task, "invoke", endpoint});
  const Resource asked = parse_resource(task.resource).value();
  const Order order{task, asked.action, endpoint};
  if (const JsonService* service = json_service(asked)) return json_call(*service, asked, order);
  return publish(order);
}

asl::Failure not_configured(std::string_view service) {
  return {"Pawl.ServiceNotConfigured",
          concat("The service ", service, " has no endpoint here. Set endpoints.", service,
                 " in the configuration, as in ", service, " = \"http://127.0.0.1:4566\".")};
}

// A call's request travels through the workers as one value.
Value packed(const engine::TaskRequest& request) {
  return Value::object({{"Resource", request.resource}, {"Input", request.input}});
}

engine::TaskRequest unpacked(const functions::Call& call) {
  return {.id = call.request_id,
          .execution_arn = call.execution_arn,
          .execution_name = call.execution_name,
          .state = {},
          .resource = call.event.string_at("Resource").value_or(""),
          .input = call.event["Input"],
          .attempt = call.attempt};
}

}  // namespace

std::vector<std::string> known_services() {
  std::vector<std::string> names{"lambda", "sns"};
  for (const JsonService& service : json_services()) names.emplace_back(service.endpoint);
  std::sort(names.begin(), names.end());
  return names;
}

Services::Services(Settings settings, functions::Runtime& built_in, world::Clock& clock)
    : settings_(std::move(settings)),
      built_in_(built_in),
      clock_(clock),
      workers_({.concurrency = settings_.calls_max * static_cast<int>(known_services().size()),
                .waiting_max = waiting_max},
               clock) {
  for (std::string& name : known_services()) {
    functions::Function caller{.name = name,
                               .description = {},
                               .time_limit = call_limit,
                               .concurrency = settings_.calls_max,
                               .body = [this](functions::Call& call) { return perform(call); }};
    callers_.emplace(std::move(name), std::move(caller));
  }
}

Services::~Services() = default;

void Services::report_to(engine::TaskReports& reports) { reports_ = &reports; }

void Services::serve_at(Endpoint own_server) { own_server_.set_value(std::move(own_server)); }

bool Services::is_own_server(std::string_view service) const {
  return service == "states" && settings_.has_own_server && !settings_.endpoints.contains(service);
}

// REQUIRES: there is one.
asl::Outcome<Services::Endpoint> Services::endpoint_of(
    std::string_view service, const world::Cancellation& cancellation) const {
  if (!is_own_server(service))
    return Endpoint{settings_.endpoints.find(service)->second, settings_.credentials};
  while (own_server_known_.wait_for(milliseconds(0)) != std::future_status::ready)
    if (cancellation.wait_for(milliseconds(20)))
      return asl::Failure{"Pawl.ServiceNotConfigured", "The server has stopped before it listened"};
  return own_server_known_.get();
}

bool Services::accepts(std::string_view resource) const {
  const auto service = service_of(resource);
  // Without an endpoint of Lambda, the runtime says which function is not there.
  return !service.empty() && (service != "lambda" || settings_.endpoints.contains(service));
}

bool Services::is_built_in(const engine::TaskRequest& request) const {
  if (!calls_function(request.resource)) return false;
  const auto target = called_function(request);
  return target && built_in_.knows(target->name);
}

void Services::start(engine::TaskRequest request) {
  CHECK(reports_ != nullptr);
  if (is_built_in(request)) return built_in_.start(std::move(request));
  submit(std::move(request), functions::end_of_task(*reports_), true);
}

void Services::run(engine::TaskRequest request, std::function<void(Outcome)> done) {
  if (is_built_in(request)) return built_in_.run(std::move(request), std::move(done));
  submit(std::move(request), functions::for_one(std::move(done)), false);
}

void Services::submit(engine::TaskRequest request, functions::Done done, bool is_durable) {
  const auto service = service_of(request.resource);
  if (!settings_.endpoints.contains(service) && !is_own_server(service))
    return done(request.id, not_configured(service));
  functions::Job job;
  job.function = &callers_.find(service)->second;
  job.event = packed(request);
  job.id = std::move(request.id);
  job.execution_arn = std::move(request.execution_arn);
  job.execution_name = std::move(request.execution_name);
  job.attempt = request.attempt;
  job.done = std::move(done);
  job.is_durable = is_durable;
  workers_.submit(std::move(job));
}

Outcome Services::perform(const functions::Call& worker_call) const {
  const engine::TaskRequest task = unpacked(worker_call);
  const Endpoint endpoint = TRY(endpoint_of(service_of(task.resource), worker_call.cancellation));
  Call call = TRY(call_of(task, endpoint.url));
  call.request.headers.push_back({"amz-sdk-invocation-id", task.id});
  call.request.cancellation = &worker_call.cancellation;
  if (endpoint.credentials) {
    const auto caller = parse_arn(task.execution_arn);
    const std::string region(caller ? caller->region : "us-east-1");
    aws::sign(call.request, *endpoint.credentials, {{}, region, std::string(call.signing_name)},
              clock_.now());
  }
  const auto response = http::send(call.request);
  if (!response) return failure(call.dialect, response.error());
  return call.read(*response);
}

void Services::cancel(std::string_view task_id) {
  workers_.cancel(task_id);
  built_in_.cancel(task_id);
}

void Services::drain() { workers_.drain(); }

}  // namespace pawl::integrations
