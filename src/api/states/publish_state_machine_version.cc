#include "api/fields.h"
#include "api/states/actions.h"
#include "engine/names.h"

namespace pawl::api::states {
namespace {

using json::Value;

Result<engine::PublishVersion> read(const Value& input) {
  return engine::PublishVersion{.machine_arn = TRY(machine_arn_of(input)),
                                .revision_id = optional_text_of(input, "revisionId"),
                                .description = text_of(input, "description")};
}

}  // namespace

void publish_state_machine_version(const Rooms& rooms, const json::Value& input,
                                   const Answer& answer) {
  auto request = read(input);
  if (!request) return answer(std::move(request).error());
  rooms.engine.ask(*std::move(request), [answer](Result<store::Version> published) {
    if (!published) return answer(std::move(published).error());
    answer(json::Value::object({{"creationDate", epoch_seconds(published->created)},
                                {"stateMachineVersionArn",
                                 engine::version_arn(published->machine_arn, published->number)}}));
  });
}

}  // namespace pawl::api::states
