#include "engine/loop.h"
#include "engine/names.h"
#include "engine/service_errors.h"

namespace pawl::engine {

void Engine::Loop::take(CreateMachine command) {
  turn.answer(std::move(command.reply), create_machine(std::move(command.machine)));
}

Result<store::Machine> Engine::Loop::create_machine(NewMachine asked) {
  if (!is_valid_name(asked.name)) return invalid_name(asked.name);
  if (asked.type != "STANDARD") return machine_type_not_supported(asked.type);
  TRY(check_definition(asked.definition));
  const std::string arn = machine_arn(options, asked.name);
  if (const store::Machine* known = TRY(find_machine(arn))) {
    // Asked twice, as the service sees it: the role does not count.
    if (known->definition == asked.definition) return *known;
    return machine_already_exists(arn);
  }
  const Instant now = clock.now();
  store::Machine machine{.arn = arn,
                         .name = std::move(asked.name),
                         .definition = std::move(asked.definition),
                         .role_arn = std::move(asked.role_arn),
                         .type = std::move(asked.type),
                         .status = "ACTIVE",
                         .revision_id = world::make_uuid(random),
                         .created = now,
                         .updated = now};
  put_machine(machine);
  return machine;
}

}  // namespace pawl::engine
