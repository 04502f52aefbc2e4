#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/configuration.h"
#include "engine/names.h"
#include "engine/service_errors.h"

namespace pawl::api::states {
namespace {

using json::Value;

// Of a version: the machine as it was.
Result<Value> describe_version(engine::Engine& engine, const std::string& arn) {
  const auto asked = engine::parse_machine_arn(arn);
  const auto version = TRY(engine.catalogue().version(asked.machine_arn, asked.version));
  const auto machine = TRY(engine.catalogue().machine(asked.machine_arn));
  if (!version || !machine) return engine::machine_does_not_exist(arn);
  auto output = description({.arn = arn,
                             .name = machine->name,
                             .definition = version->definition,
                             .role_arn = version->role_arn,
                             .type = machine->type,
                             .status = machine->status,
                             .revision_id = version->revision_id,
                             .created = version->created,
                             .updated = version->created,
                             .settings = version->settings});
  return version->description.empty() ? output : output.with("description", version->description);
}

Result<Value> describe(engine::Engine& engine, const Value& input) {
  const auto arn = TRY(machine_arn_of(input));
  const bool is_version = engine::parse_machine_arn(arn).version > 0;
  auto output =
      is_version ? TRY(describe_version(engine, arn)) : description(TRY(engine.machine(arn)));
  return is_metadata_only(input) ? output.without("definition") : output;
}

}  // namespace

void describe_state_machine(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  answer(describe(rooms.engine, input));
}

}  // namespace pawl::api::states
