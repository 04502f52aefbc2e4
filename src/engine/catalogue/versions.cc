#include "engine/limits.h"
#include "engine/loop.h"
#include "engine/names.h"
#include "engine/service_errors.h"

namespace pawl::engine {
namespace {

// What a machine that was never updated has for a revision.
constexpr std::string_view initial_revision = "INITIAL";

}  // namespace

// The machine's last version then is what the machine is now. One revision is published once.
Result<store::Version> Engine::Loop::publish(store::Machine& machine, std::string description) {
  if (machine.last_version > 0) {
    auto last = TRY(store.version(machine.arn, machine.last_version));
    if (last && last->revision_id == machine.revision_id) return *std::move(last);
  }
  const store::PageRequest page{.size_max = versions_max, .token = {}};
  if (TRY(store.versions(machine.arn, page)).rows.size() >= versions_max)
    return quota_exceeded("a state machine may have 1000 versions");
  machine.last_version += 1;
  store::Version version{.machine_arn = machine.arn,
                         .number = machine.last_version,
                         .definition = machine.definition,
                         .role_arn = machine.role_arn,
                         .revision_id = machine.revision_id,
                         .settings = machine.settings,
                         .description = std::move(description),
                         .created = clock.now()};
  change_catalogue(store::PutVersion{version});
  return version;
}

Result<store::Version> Engine::Loop::carry(PublishVersion request) {
  const store::Machine* known = TRY(find_machine(request.machine_arn));
  if (known == nullptr) return machine_does_not_exist(request.machine_arn);
  const std::string_view current =
      known->revision_id.empty() ? initial_revision : std::string_view(known->revision_id);
  if (request.revision_id && *request.revision_id != current)
    return stale_revision(*request.revision_id, current);
  store::Machine machine = *known;
  store::Version version = TRY(publish(machine, std::move(request.description)));
  if (machine.last_version != known->last_version) put_machine(machine);
  return version;
}

Result<void> Engine::Loop::carry(DeleteVersion request) {
  const QualifiedArn asked = parse_machine_arn(request.version_arn);
  std::vector<std::string> used_by;
  for (const store::Alias& alias : TRY(store.aliases(asked.machine_arn))) {
    for (const store::Route& route : alias.routes)
      if (route.version == asked.version) used_by.push_back(alias.name);
  }
  if (!used_by.empty()) return version_in_use(used_by);
  change_catalogue(store::DeleteVersion{asked.machine_arn, asked.version});
  return {};
}

}  // namespace pawl::engine
