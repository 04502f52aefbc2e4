#include "api/fields.h"
#include "api/states/actions.h"
#include "engine/service_errors.h"
#include "execution/map_run.h"

namespace pawl::api::states {
namespace {

// A child of a map run goes on when the execution does that has it.
Error child_refusal(engine::Engine& engine, const std::string& arn) {
  const auto child = engine.execution(arn);
  if (!child) return child.error();
  const auto reason = engine.redrive_refusal(*child);
  return reason ? engine::execution_not_redrivable(*reason) : reason.error();
}

}  // namespace

void redrive_execution(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto arn = execution_arn_of(input);
  if (!arn) return answer(std::move(arn).error());
  if (execution::parse_child_arn(*arn)) return answer(child_refusal(rooms.engine, *arn));
  rooms.engine.ask(engine::RedriveExecution{*std::move(arn), text_of(input, "clientToken")},
                   [answer](Result<Instant> redriven) {
                     if (!redriven) return answer(std::move(redriven).error());
                     answer(json::Value::object({{"redriveDate", epoch_seconds(*redriven)}}));
                   });
}

}  // namespace pawl::api::states
