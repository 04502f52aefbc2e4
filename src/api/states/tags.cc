#include "api/states/tags.h"

#include "api/fields.h"
#include "base/text.h"
#include "engine/service_errors.h"

namespace pawl::api::states {

using json::Value;

Result<std::vector<store::Tag>> tags_of(const Value& input) {
  std::vector<store::Tag> tags;
  const Value given = input["tags"];
  if (!given.is_array()) return tags;
  for (const Value& each : given.elements()) {
    std::string key = text_of(each, "key");
    if (key.starts_with("aws:"))
      return engine::invalid_request(
          concat("Tag keys that begin with 'aws:' are reserved: '", key, "'"));
    tags.push_back({std::move(key), text_of(each, "value")});
  }
  return tags;
}

Result<std::string> tagged_arn_of(const Value& input) {
  auto arn = arn_of(input, "resourceArn", "stateMachine");
  return arn ? std::move(arn) : arn_of(input, "resourceArn", "activity");
}

}  // namespace pawl::api::states
