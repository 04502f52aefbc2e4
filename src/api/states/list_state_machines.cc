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
  return shown_page("stateMachines", TRY(engine.catalogue().machines(page_of(input))), summary);
}

}  // namespace

void list_state_machines(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  answer(list(rooms.engine, input));
}

}  // namespace pawl::api::states
