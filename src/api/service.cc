#include "api/service.h"

#include <algorithm>
#include <span>

#include "api/batch/batch.h"
#include "api/extensions/actions.h"
#include "api/lambda/lambda.h"
#include "api/scheduler/scheduler.h"
#include "api/states/actions.h"
#include "api/states/shapes.h"
#include "aws/json_protocol.h"
#include "base/log.h"
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

// Services that tell their operations by paths, and their errors alike.
struct RestService {
  decltype(&batch::takes) takes;
  decltype(&batch::handle) handle;
  decltype(&batch::fail) fail;
};
constexpr RestService rest_services[] = {{batch::takes, batch::handle, batch::fail},
                                         {scheduler::takes, scheduler::handle, scheduler::fail}};

// What is the server's own fault is for its operator, too.
aws::ServiceError refusal(std::string_view operation, const Error& error) {
  auto refused = aws::service_error(error);
  if (refused.http_status == 500)
    log(LogLevel::error, "a request could not be answered",
        {{"operation", std::string(operation)}, {"error", error.text()}});
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
  if (lambda::takes(request)) {
    if (admitted) return lambda::handle(rooms, std::move(request), request_id, responder);
    const auto error = aws::service_error(admitted.error());
    return responder(lambda::fail(403, error.code, error.message, request_id));
  }
  for (const RestService& service : rest_services) {
    if (!service.takes(request)) continue;
    if (admitted) return service.handle(rooms, request, request_id, responder);
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
