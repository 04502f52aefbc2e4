#include "engine/loop.h"
#include "engine/names.h"
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
  change_catalogue(store::PutMachine{machine});
}

void Engine::Loop::change_catalogue(store::Write write) {
  turn.changes_catalogue = true;
  turn.writes.push_back(std::move(write));
}

Result<void> Engine::Loop::check_definition(const std::string& definition,
                                            const std::string& type) {
  if (definition.size() > asl::definition_bytes_max) {
    return definition_too_large(definition.size());
  }
  turn.count_bytes(definition.size());
  const auto parsed = asl::parse_definition(
      definition, type == "EXPRESS" ? asl::MachineType::express : asl::MachineType::standard);
  if (!parsed.machine) return invalid_definition(parsed.diagnostics);
  return {};
}

// What an execution of this machine, version or alias runs; the rest of the row is still empty.
Result<store::Execution> Engine::Loop::execution_of(const std::string& arn) {
  QualifiedArn asked = parse_machine_arn(arn);
  if (!asked.alias.empty()) {
    const auto alias = TRY(store.alias(arn));
    if (!alias) return machine_does_not_exist(arn);
    asked.version = chosen_version(alias->routes, random.next());
  }
  const store::Machine* machine = TRY(find_machine(asked.machine_arn));
  if (machine == nullptr) return machine_does_not_exist(arn);
  store::Execution row;
  row.machine_arn = machine->arn;
  row.type = machine->type;
  row.version = asked.version;
  row.alias = asked.alias;
  if (asked.version == 0) {
    row.definition = machine->definition;
    row.role_arn = machine->role_arn;
    row.revision_id = machine->revision_id;
    row.settings = machine->settings;
    row.machine_updated = machine->updated;
    return row;
  }
  auto version = TRY(store.version(machine->arn, asked.version));
  if (!version) return machine_does_not_exist(arn);
  row.definition = std::move(version->definition);
  row.role_arn = std::move(version->role_arn);
  row.revision_id = std::move(version->revision_id);
  row.settings = std::move(version->settings);
  row.machine_updated = version->created;
  return row;
}

}  // namespace pawl::engine
