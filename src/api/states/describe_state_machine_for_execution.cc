#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/configuration.h"
#include "execution/map_run.h"

namespace pawl::api::states {
namespace {

using json::Value;

// The machine of a map run's children is called MACHINE/LABEL.
std::string_view label_in(std::string_view machine_arn) {
  return machine_arn.substr(machine_arn.find('/') + 1);
}

Result<Value> describe(engine::Engine& engine, const Value& input) {
  const auto arn = TRY(execution_arn_of(input));
  const auto machine = TRY(engine.machine_of_execution(arn));
  auto output = description(machine).without("status").without("type").without("creationDate");
  output = output.with("updateDate", epoch_seconds(machine.updated));
  if (const auto child = execution::parse_child_arn(arn))
    output = output.with("mapRunArn", child->run_arn).with("label", label_in(machine.arn));
  return is_metadata_only(input) ? output.without("definition").without("variableReferences")
                                 : output;
}

}  // namespace

void describe_state_machine_for_execution(const Rooms& rooms, const json::Value& input,
                                          const Answer& answer) {
  answer(describe(rooms.engine, input));
}

}  // namespace pawl::api::states
