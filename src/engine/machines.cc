#include "engine/loop.h"
#include "engine/service_errors.h"

namespace pawl::engine {

Result<const store::Machine*> Engine::Loop::find_machine(const std::string& arn) {
  const auto known = machines.find(arn);
  if (known != machines.end()) return &known->second;
  // The store shows a machine until the turn that deletes it is committed.
  if (machines_deleted.contains(arn)) return nullptr;
  std::optional<store::Machine> found = TRY(store.machine(arn));
  if (!found) return nullptr;
  return &machines.emplace(arn, *std::move(found)).first->second;
}

void Engine::Loop::put_machine(const store::Machine& machine) {
  machines.insert_or_assign(machine.arn, machine);
  machines_deleted.erase(machine.arn);
  turn.writes.push_back(store::PutMachine{machine});
}

Result<void> Engine::Loop::check_definition(const std::string& definition) {
  if (definition.size() > asl::definition_bytes_max) {
    return definition_too_large(definition.size());
  }
  const asl::Machine* parsed = TRY(definitions.acquire(definition));
  definitions.release(parsed);
  return {};
}

}  // namespace pawl::engine
