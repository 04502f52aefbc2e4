#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/tags.h"

namespace pawl::api::states {
void untag_resource(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto arn = tagged_arn_of(input);
  if (!arn) return answer(std::move(arn).error());
  engine::ChangeTags change{.arn = *std::move(arn), .set = {}, .removed = {}};
  for (const json::Value& key : input["tagKeys"].elements())
    change.removed.emplace_back(key.string());
  rooms.engine.ask(std::move(change), empty_answer(answer));
}

}  // namespace pawl::api::states
