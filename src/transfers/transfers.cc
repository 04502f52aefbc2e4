#include "transfers/transfers.h"

#include "execution/map_run.h"
#include "transfers/items.h"
#include "transfers/results.h"
#include "transfers/s3_actions.h"

namespace pawl::transfers {
namespace {

// Each holds an object in memory.
constexpr int transfers_max = 16;
constexpr size_t waiting_max = 1'000'000;
constexpr Duration time_limit = hours(1);

}  // namespace

Transfers::Transfers(objects::Settings settings, world::Clock& clock)
    : buckets_(std::move(settings)),
      reading_{.name = "read-items",
               .description = {},
               .time_limit = time_limit,
               .body =
                   [this](functions::Call& call) {
                     return read_items(buckets_, call.event, call.cancellation);
                   }},
      writing_{
          .name = "write-results",
          .description = {},
          .time_limit = time_limit,
          .body = [this](functions::Call& call) { return write_results(buckets_, call.event); }},
      calling_{.name = "s3",
               .description = {},
               .time_limit = time_limit,
               .body =
                   [this](functions::Call& call) {
                     return call_s3(buckets_, {call.event.string_at("Resource").value_or(""),
                                               call.event["Parameters"], call.request_id});
                   }},
      workers_({.concurrency = transfers_max, .waiting_max = waiting_max}, clock) {}

bool Transfers::accepts(std::string_view resource) const {
  return resource == execution::read_items_resource ||
         resource == execution::write_results_resource || is_s3_action(resource);
}

void Transfers::start(engine::TaskRequest request) {
  CHECK(reports_ != nullptr && accepts(request.resource));
  functions::Job job;
  job.id = std::move(request.id);
  job.execution_arn = std::move(request.execution_arn);
  job.execution_name = std::move(request.execution_name);
  job.attempt = request.attempt;
  job.is_durable = true;
  job.done = functions::end_of_task(*reports_);
  if (request.resource == execution::read_items_resource) {
    job.function = &reading_;
    job.event = std::move(request.input);
  } else if (request.resource == execution::write_results_resource) {
    job.function = &writing_;
    job.event = std::move(request.input);
  } else {
    job.function = &calling_;
    job.event = json::Value::object(
        {{"Resource", request.resource}, {"Parameters", std::move(request.input)}});
  }
  workers_.submit(std::move(job));
}

}  // namespace pawl::transfers
