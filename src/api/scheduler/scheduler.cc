#include "api/scheduler/scheduler.h"

#include "api/rest.h"
#include "api/scheduler/call.h"
#include "aws/json_protocol.h"
#include "base/text.h"

namespace pawl::api::scheduler {
namespace {

using json::Value;

struct Route {
  std::string_view name, method, folder;
  bool has_name;  // in the path, behind the folder
  Operation operation;
};
constexpr Route routes[] = {
    {"CreateSchedule", "POST", "/schedules", true, create_schedule},
    {"GetSchedule", "GET", "/schedules", true, get_schedule},
    {"UpdateSchedule", "PUT", "/schedules", true, update_schedule},
    {"DeleteSchedule", "DELETE", "/schedules", true, delete_schedule},
    {"ListSchedules", "GET", "/schedules", false, list_schedules},
    {"CreateScheduleGroup", "POST", "/schedule-groups", true, refuse_schedule_group},
    {"GetScheduleGroup", "GET", "/schedule-groups", true, get_schedule_group},
    {"DeleteScheduleGroup", "DELETE", "/schedule-groups", true, refuse_schedule_group},
    {"ListScheduleGroups", "GET", "/schedule-groups", false, list_schedule_groups},
};

struct Place {
  std::string_view folder, name;
};
Place place_of(std::string_view path) {
  const size_t slash = path.find('/', 1);
  if (slash == path.npos) return {path, {}};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

const Route* route_of(const http::Request& request) {
  const Place place = place_of(request.path);
  for (const Route& route : routes)
    if (route.method == request.method && route.folder == place.folder &&
        route.has_name == !place.name.empty())
      return &route;
  return nullptr;
}

// The members that the path and the query have, by their names in the model.
Result<Value> input_for(const http::Request& request) {
  Value input = TRY(aws::input_of(request));
  const Place place = place_of(request.path);
  if (!place.name.empty()) input = input.with("Name", http::decode_percent(place.name));
  for (auto& [name, text] : http::query_pairs(request.query)) {
    if (name == "groupName" || name == "ScheduleGroup") name = "GroupName";
    const auto number = name == "MaxResults" ? parse_integer(text) : std::nullopt;
    input = input.with(name, number ? Value(*number) : Value(text));
  }
  return input;
}

aws::ServiceError service_error(std::string_view operation, const Error& error) {
  auto known = aws::service_error(error);
  log_own_fault(operation, error, known);
  if (known.code == "InternalFailure") known.code = "InternalServerException";
  if (known.code == "ConflictException") known.http_status = 409;
  if (known.code == "ResourceNotFoundException") known.http_status = 404;
  return known;
}

}  // namespace

bool takes(const http::Request& request) {
  const std::string_view folder = place_of(request.path).folder;
  return folder == "/schedules" || folder == "/schedule-groups";
}

http::Response fail(const aws::ServiceError& error, const std::string& request_id) {
  return respond_with_error(error, Value::object({{"Message", error.message}}), request_id);
}

void handle(const Rooms& rooms, http::Request request, const std::string& request_id,
            const http::Responder& responder) {
  const Route* route = route_of(request);
  if (route == nullptr) return responder(fail(not_offered(request), request_id));
  const auto input = input_for(request);
  if (!input) return responder(fail(service_error(route->name, input.error()), request_id));
  ask(rooms, *input, route->operation, [route, request_id, responder](const Result<Value>& output) {
    responder(output ? respond(200, *output, request_id)
                     : fail(service_error(route->name, output.error()), request_id));
  });
}

}  // namespace pawl::api::scheduler
