#include "restore/request.h"

#include "base/text.h"
#include "base/time.h"
#include "restore/ids.h"
#include "restore/known.h"

namespace pawl::restore {
namespace {

std::optional<std::string> first_of(const Request& request,
                                    std::initializer_list<std::string_view> names) {
  for (const json::Value* source : {&request.event, &request.state}) {
    for (const std::string_view name : names) {
      auto value = source->string_at(name);
      if (value && !value->empty()) return value;
    }
  }
  return std::nullopt;
}

Result<json::Value> state_of(Services& services, const json::Value& event, const std::string& id) {
  const auto region = event.string_at("target_region");
  auto state = region && services.settings.regions.contains(*region)
                   ? services.operations.read(*region, id)
                   : services.operations.find(id);
  if (!state && state.error().code() == ErrorCode::not_found) return json::Value();
  return state;
}

Result<void> check(const Settings& settings, const Request& request) {
  TRY(check_cluster_name(request.cluster));
  TRY(check_target_name(settings, request.target_cluster));
  TRY(known_region(settings, request.source_region));
  TRY(known_region(settings, request.target_region));
  return check_snapshot_date(request.snapshot_date);
}

Error belongs_to_another(const std::string& id, const json::Value& state) {
  const auto known = [&](std::string_view name) { return state.string_at(name).value_or("?"); };
  return Error(ErrorCode::invalid_argument,
               concat("operation ", id, " is the restore of ", known("cluster_name"), " of ",
                      known("snapshot_date"), " to ", known("target_cluster"), " in ",
                      known("target_region")),
               "Give this restore an operation_id of its own.");
}

// An id names one restore for ever. Who used it for another would be told of a success that is not
// theirs, and would end with their failure what still runs.
Result<void> check_is_same_restore(const Services& services, const Request& request) {
  if (request.is_new()) {
    const auto elsewhere = services.operations.find(request.operation_id);
    if (elsewhere) return belongs_to_another(request.operation_id, *elsewhere);
    return check_is_no_batch(services.settings, request.operation_id);
  }
  const auto agrees = [&](std::string_view name, const std::string& wanted) {
    const auto kept = request.state.string_at(name);
    return !kept || *kept == wanted || *kept == "latest";
  };
  const bool is_same = agrees("cluster_name", request.cluster) &&
                       agrees("target_cluster", request.target_cluster) &&
                       agrees("snapshot_date", request.snapshot_date);
  if (is_same) return {};
  return belongs_to_another(request.operation_id, request.state);
}

// Nor may someone else's execution under the same name write into this operation.
Result<void> check_is_ours(const functions::Call& call, const Request& request) {
  const std::string kept = request.state.string_at("execution_arn").value_or("");
  const std::string& own = call.execution_arn;
  const bool is_named = request.event.string_at("operation_id").has_value();
  if (is_named || kept.empty() || own.empty() || kept == own) return {};
  return Error(ErrorCode::invalid_argument,
               concat("operation ", request.operation_id, " belongs to execution ", kept),
               "Start the execution under another name, or give an operation_id.");
}

}  // namespace

std::optional<std::string> Request::text(std::string_view name) const {
  return first_of(*this, {name});
}

bool Request::is_set(std::string_view name) const {
  const auto own = event.boolean_at(name);
  return own ? *own : state.boolean_at(name).value_or(false);
}

Result<std::string> operation_id_of(const functions::Call& call) {
  std::string id = call.event.string_at("operation_id").value_or("");
  if (id.empty()) id = call.execution_name;
  if (id.empty()) id = call.request_id;
  TRY(check_operation_id(id));
  return id;
}

Result<Request> read_request(Services& services, const functions::Call& call) {
  if (!call.event.is_object()) {
    return Error(ErrorCode::invalid_argument, "the input is not a JSON object");
  }
  Request request;
  request.event = call.event;
  request.operation_id = TRY(operation_id_of(call));
  request.state = TRY(state_of(services, call.event, request.operation_id));
  const auto cluster = first_of(request, {"cluster_name", "source_cluster_id"});
  if (!cluster) return Error(ErrorCode::invalid_argument, "cluster_name is missing");
  request.cluster = *cluster;
  // Once the operation has found its snapshot, "latest" in the input means that one.
  request.snapshot_date = first_of(request, {"snapshot_date", "target_date"}).value_or("latest");
  if (request.snapshot_date == "latest") {
    request.snapshot_date = request.state.string_at("snapshot_date").value_or("latest");
  }
  // A cluster that has left the configuration still has its snapshots, where they are named.
  TRY(check_cluster_name(request.cluster));
  const auto source = first_of(request, {"source_region"});
  request.source_region =
      source ? *source : TRY(known_cluster(services.settings, request.cluster))->region;
  request.target_region = first_of(request, {"target_region"}).value_or(request.source_region);
  request.target_cluster =
      first_of(request, {"target_cluster", "target_cluster_id"}).value_or(request.cluster);
  TRY(check(services.settings, request));
  TRY(check_is_same_restore(services, request));
  TRY(check_is_ours(call, request));
  return request;
}

}  // namespace pawl::restore
