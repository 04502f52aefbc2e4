#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/tags.h"

namespace pawl::api::states {
void tag_resource(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto arn = tagged_arn_of(input);
  if (!arn) return answer(std::move(arn).error());
  auto tags = tags_of(input);
  if (!tags) return answer(std::move(tags).error());
  rooms.engine.ask(
      engine::ChangeTags{.arn = *std::move(arn), .set = *std::move(tags), .removed = {}},
      empty_answer(answer));
}

}  // namespace pawl::api::states
