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
#include "store/read_budget.h"

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

// A request, or what is read to answer it, that keeps a thread for no longer than some 10 ms.
constexpr size_t quick_bytes_max = 256 << 10;

constexpr RestService rest_services[] = {{lambda::takes, lambda::handle, lambda::fail},
                                         {batch::takes, batch::handle, batch::fail},
                                         {scheduler::takes, scheduler::handle, scheduler::fail}};

http::Response refusal(std::string_view operation, const Error& error,
                       const std::string& request_id) {
  const auto refused = aws::service_error(error);
  log_own_fault(operation, error, refused);
  return aws::failure(refused, request_id);
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

// What is small is answered on the server's own threads, of which there are few. What turns out to
// be large there begins anew in the slow lane: nobody is kept waiting by what others have stored.
void Service::handle(http::Request request, http::Responder responder) {
  if (request.body.size() > quick_bytes_max) {
    return slow_lane_.run([this, request = std::move(request), responder = std::move(responder)] {
      if (responder.is_client_there()) answer(request, responder);
    });
  }
  const store::ReadBudget budget(quick_bytes_max);
  answer(std::move(request), responder);
}

Rooms Service::rooms_for(const http::Responder& responder) const {
  Rooms rooms = rooms_;
  rooms.is_client_there = [responder] { return responder.is_client_there(); };
  return rooms;
}

void Service::answer(http::Request request, const http::Responder& responder) {
  const std::string request_id = world::make_uuid(rooms_.random);
  const auto admitted = admit(request);
  for (const RestService& service : rest_services) {
    if (!service.takes(request)) continue;
    if (admitted)
      return service.handle(rooms_for(responder), std::move(request), request_id, responder);
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
  const auto call =
      std::make_shared<const Call>(Call{*row, *std::move(input), request_id, responder});
  row->is_slow ? act_apart(call) : act(call);
}

void Service::act(const CallPointer& call) {
  const auto respond = [call](const Result<json::Value>& output) {
    call->responder(output ? aws::success(*output, call->request_id)
                           : refusal(call->row.operation, output.error(), call->request_id));
  };
  const auto answered = [this, call, respond](Result<json::Value> output) {
    // What has been answered of it was made without what could not be read.
    if (store::ReadBudget::is_spent()) return act_apart(call);
    const bool is_large = output && output->text_size() > quick_bytes_max;
    if (!is_large) return respond(output);
    slow_lane_.run([respond, output = std::move(output)] { respond(output); });
  };
  call->row.action(rooms_for(call->responder), call->input, answered);
}

void Service::act_apart(const CallPointer& call) {
  slow_lane_.run([this, call] {
    if (call->responder.is_client_there()) act(call);
  });
}

}  // namespace pawl::api
