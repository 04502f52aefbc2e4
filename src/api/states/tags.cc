#include "api/states/tags.h"

#include "api/fields.h"

namespace pawl::api::states {

using json::Value;

std::vector<store::Tag> tags_of(const Value& input) {
  std::vector<store::Tag> tags;
  const Value given = input["tags"];
  if (!given.is_array()) return tags;
  for (const Value& each : given.elements())
    tags.push_back({text_of(each, "key"), text_of(each, "value")});
  return tags;
}

Result<std::string> tagged_arn_of(const Value& input) {
  auto arn = arn_of(input, "resourceArn", "stateMachine");
  return arn ? std::move(arn) : arn_of(input, "resourceArn", "activity");
}

}  // namespace pawl::api::states
