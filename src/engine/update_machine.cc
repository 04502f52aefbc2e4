#include "engine/loop.h"
#include "engine/service_errors.h"

namespace pawl::engine {

void Engine::Loop::take(UpdateMachine command) {
  turn.answer(std::move(command.reply), update_machine(std::move(command.change)));
}

Result<store::Machine> Engine::Loop::update_machine(MachineChange change) {
  if (!change.definition && !change.role_arn) return missing_machine_change();
  const store::Machine* known = TRY(find_machine(change.arn));
  if (known == nullptr) return machine_does_not_exist(change.arn);
  if (change.definition) TRY(check_definition(*change.definition));
  store::Machine machine = *known;
  if (change.definition) machine.definition = *std::move(change.definition);
  if (change.role_arn) machine.role_arn = *std::move(change.role_arn);
  machine.revision_id = world::make_uuid(random);
  machine.updated = clock.now();
  put_machine(machine);
  return machine;
}

}  // namespace pawl::engine
