#include "api/fields.h"
#include "api/states/actions.h"
#include "engine/names.h"

namespace pawl::api::states {
namespace {

using json::Value;

Value summary(const store::Version& version) {
  return Value::object(
      {{"stateMachineVersionArn", engine::version_arn(version.machine_arn, version.number)},
       {"creationDate", epoch_seconds(version.created)}});
}

Result<Value> list(engine::Engine& engine, const Value& input) {
  const auto arn = TRY(machine_arn_of(input));
  return shown_page("stateMachineVersions", TRY(engine.catalogue().versions(arn, page_of(input))),
                    summary);
}

}  // namespace

void list_state_machine_versions(const Rooms& rooms, const json::Value& input,
                                 const Answer& answer) {
  answer(list(rooms.engine, input));
}

}  // namespace pawl::api::states
