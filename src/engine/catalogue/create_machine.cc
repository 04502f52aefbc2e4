#include "engine/loop.h"
#include "engine/names.h"
#include "engine/service_errors.h"
#include "json/write.h"

namespace pawl::engine {
namespace {

std::string text_of(const json::Value& settings) {
  return settings.size() == 0 ? std::string() : json::write(settings);
}

// Asked twice, as the service sees it: the role and the tags do not count.
bool is_same(const store::Machine& known, const NewMachine& asked) {
  return known.definition == asked.definition && known.type == asked.type &&
         known.settings == text_of(asked.settings);
}

}  // namespace

void Engine::Loop::take(CreateMachine command) {
  turn.answer(std::move(command.reply), create_machine(std::move(command.machine)));
}

Result<store::Machine> Engine::Loop::create_machine(NewMachine asked) {
  if (!is_valid_name(asked.name)) return invalid_name(asked.name);
  TRY(check_definition(asked.definition, asked.type));
  const std::string arn = machine_arn(options, asked.name);
  store::Machine machine;
  if (const store::Machine* known = TRY(find_machine(arn))) {
    if (!is_same(*known, asked)) return machine_already_exists(arn);
    if (!asked.publish) return *known;
    machine = *known;
  } else {
    const Instant now = clock.now();
    machine = {.arn = arn,
               .name = std::move(asked.name),
               .definition = std::move(asked.definition),
               .role_arn = std::move(asked.role_arn),
               .type = std::move(asked.type),
               .status = "ACTIVE",
               .revision_id = {},
               .created = now,
               .updated = now,
               .settings = text_of(asked.settings)};
    if (!asked.tags.empty()) TRY(put_tags(arn, {}, asked.tags));
  }
  if (asked.publish) TRY(publish(machine, std::move(asked.version_description)));
  put_machine(machine);
  return machine;
}

}  // namespace pawl::engine
