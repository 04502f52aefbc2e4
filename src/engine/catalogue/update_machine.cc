#include "engine/loop.h"
#include "engine/service_errors.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::engine {
namespace {

Result<std::string> changed(const std::string& settings, const json::Value& changes) {
  if (changes.size() == 0) return settings;
  json::Value all = json::Value::object();
  if (!settings.empty()) all = TRY(json::parse(settings));
  for (const auto& change : changes.members()) all = all.with(change.name, change.value);
  return json::write(all);
}

}  // namespace

void Engine::Loop::take(UpdateMachine command) {
  turn.answer(std::move(command.reply), update_machine(std::move(command.change)));
}

// A change that changes nothing makes no revision.
Result<store::Machine> Engine::Loop::update_machine(MachineChange change) {
  if (!change.definition && !change.role_arn && change.settings.size() == 0)
    return missing_machine_change();
  const store::Machine* known = TRY(find_machine(change.arn));
  if (known == nullptr) return machine_does_not_exist(change.arn);
  if (change.definition) TRY(check_definition(*change.definition, known->type));
  store::Machine machine = *known;
  if (change.definition) machine.definition = *std::move(change.definition);
  if (change.role_arn) machine.role_arn = *std::move(change.role_arn);
  machine.settings = TRY(changed(known->settings, change.settings));
  const bool is_changed = machine.definition != known->definition ||
                          machine.role_arn != known->role_arn ||
                          machine.settings != known->settings;
  if (is_changed) machine.revision_id = world::make_uuid(random);
  if (is_changed) machine.updated = clock.now();
  if (change.publish) TRY(publish(machine, std::move(change.version_description)));
  if (is_changed || change.publish) put_machine(machine);
  return machine;
}

}  // namespace pawl::engine
