#include "engine/loop.h"

namespace pawl::engine {

// Open executions go on: each has its definition. A machine that is not there is deleted already.
void Engine::Loop::take(DeleteMachine command) {
  const auto known = find_machine(command.arn);
  if (!known.has_value()) return turn.answer<void>(std::move(command.reply), known.error());
  if (known.value() != nullptr) {
    change_catalogue(store::DeleteMachine{command.arn});
    machines.erase(command.arn);
    machines_deleted.insert(command.arn);
  }
  turn.answer<void>(std::move(command.reply), {});
}

}  // namespace pawl::engine
