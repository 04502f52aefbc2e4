#include "api/fields.h"
#include "api/states/actions.h"

namespace pawl::api::states {
namespace {

Result<std::string> read(const json::Value& input) {
  auto arn = TRY(required_text(input, "stateMachineArn", arn_characters_max));
  TRY(check_arn(arn, "stateMachine"));
  return arn;
}

}  // namespace

void delete_state_machine(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto arn = read(input);
  if (!arn) return answer(std::move(arn).error());
  rooms.engine.delete_machine(*std::move(arn), [answer](Result<void> deleted) {
    if (!deleted) return answer(std::move(deleted).error());
    answer(json::Value::object());
  });
}

}  // namespace pawl::api::states
