#include "api/service.h"

#include <algorithm>
#include <span>

#include "api/batch/batch.h"
#include "api/extensions/actions.h"
#include "api/lambda/lambda.h"
#include "api/rest.h"
#include "api/scheduler/scheduler.h"
#include "api/states/actions.h"
#include "api/states/shapes.h"
#include "aws/json_protocol.h"
#include "base/text.h"

namespace pawl::api {
namespace {

const ActionRow* find(std::span<const ActionRow> rows, std::string_view operation) {
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const auto& row) { return row.operation == operation; });
  return row == rows.end() ? nullptr : &*row;
}

const ActionRow* find(const aws::Target& target) {
  if (target.service == "AWSStepFunctions") return find(states::actions(), target.operation);
  if (target.service == "Pawl") return find(extensions::actions(), target.operation);
  return nullptr;
}

aws::ServiceError not_offered(const http::Request& request, const aws::Target& target) {
  if (target.service.empty())
    return {"UnknownOperationException",
            concat("no operation is at ", request.method, " ", request.path), 404};
  return {"UnknownOperationException",
          concat("the operation ", target.service, ".", target.operation, " is not offered"), 400};
}

constexpr RestService rest_services[] = {{lambda::takes, lambda::handle, lambda::fail},
                                         {batch::takes, batch::handle, batch::fail},
                                         {scheduler::takes, scheduler::handle, scheduler::fail}};

aws::ServiceError refusal(std::string_view operation, const Error& error) {
  auto refused = aws::service_error(error);
  log_own_fault(operation, error, refused);
  return refused;
}

}  // namespace

void Service::admit_only(aws::KeyRing keys, world::Clock& clock, Duration age_max) {
  keys_ = std::move(keys);
  age_max_ = age_max;
  clock_ = &clock;
}

Result<void> Service::admit(const http::Request& request) const {
  if (clock_ == nullptr) return {};
  return aws::check_signature(request, keys_, clock_->now(), age_max_);
}

void Service::handle(http::Request request, http::Responder responder) {
  const std::string request_id = world::make_uuid(rooms_.random);
  Rooms rooms = rooms_;
  rooms.is_client_there = [responder] { return responder.is_client_there(); };
  const auto admitted = admit(request);
  for (const RestService& service : rest_services) {
    if (!service.takes(request)) continue;
    if (admitted) return service.handle(rooms, std::move(request), request_id, responder);
    auto error = aws::service_error(admitted.error());
    error.http_status = 403;
    return responder(service.fail(error, request_id));
  }
  if (!admitted) return responder(aws::failure(aws::service_error(admitted.error()), request_id));

  const auto target = aws::target_of(request);
  const ActionRow* row = find(target);
  if (row == nullptr) return responder(aws::failure(not_offered(request, target), request_id));
  auto input = aws::input_of(request);
  if (!input) return responder(aws::failure(aws::service_error(input.error()), request_id));
  const auto checked = check_shape(*input, states::shape_of(target.operation));
  if (!checked) return responder(aws::failure(aws::service_error(checked.error()), request_id));
  row->action(rooms, *input,
              [request_id, responder, operation = row->operation](Result<json::Value> output) {
                responder(output ? aws::success(*output, request_id)
                                 : aws::failure(refusal(operation, output.error()), request_id));
              });
}

}  // namespace pawl::api
