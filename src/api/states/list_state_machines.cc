#include "api/fields.h"
#include "api/states/actions.h"

namespace pawl::api::states {
namespace {

using json::Value;

Value summary(const store::Machine& machine) {
  return Value::object({{"stateMachineArn", machine.arn},
                        {"name", machine.name},
                        {"type", machine.type},
                        {"creationDate", epoch_seconds(machine.created)}});
}

Result<Value> list(engine::Engine& engine, const Value& input) {
  store::PageRequest request;
  request.size_max = static_cast<size_t>(
      TRY(bounded_number(input, "maxResults", {.least = 0, .most = 1000, .otherwise = 100})));
  request.token = TRY(bounded_text(input, "nextToken", 1024));
  const auto page = TRY(engine.machines(request));
  Value::Array machines;
  for (const auto& machine : page.rows) machines.push_back(summary(machine));
  auto output = Value::object({{"stateMachines", std::move(machines)}});
  return page.next_token.empty() ? output : output.with("nextToken", page.next_token);
}

}  // namespace

void list_state_machines(const Rooms& rooms, const Value& input, const Answer& answer) {
  answer(list(rooms.engine, input));
}

}  // namespace pawl::api::states
