#include "api/states/tags.h"

#include <algorithm>

#include "api/fields.h"
#include "base/text.h"
#include "engine/service_errors.h"

namespace pawl::api::states {

using json::Value;

namespace {

// Letters, digits, white space and a few others. Which of the characters beyond ASCII are letters
// is left to whoever gives them.
bool may_stand_in_tags(char c) {
  constexpr std::string_view others = " \t\n\v\f\r_.:/=+-@";
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool is_digit = c >= '0' && c <= '9';
  const bool is_beyond_ascii = static_cast<unsigned char>(c) >= 0x80;
  return is_letter || is_digit || is_beyond_ascii || others.find(c) != others.npos;
}

Result<void> check_characters(std::string_view what, std::string_view text) {
  if (std::all_of(text.begin(), text.end(), may_stand_in_tags)) return {};
  return engine::invalid_request(concat(
      what, " may have letters, digits, white space and _ . : / = + - @ only: '", text, "'"));
}

}  // namespace

Result<std::vector<store::Tag>> tags_of(const Value& input) {
  std::vector<store::Tag> tags;
  const Value given = input["tags"];
  if (!given.is_array()) return tags;
  for (const Value& each : given.elements()) {
    std::string key = text_of(each, "key");
    if (key.starts_with("aws:"))
      return engine::invalid_request(
          concat("Tag keys that begin with 'aws:' are reserved: '", key, "'"));
    std::string value = text_of(each, "value");
    TRY(check_characters("Tag keys", key));
    TRY(check_characters("Values of tags", value));
    tags.push_back({std::move(key), std::move(value)});
  }
  return tags;
}

Result<std::string> tagged_arn_of(const Value& input) {
  auto arn = arn_of(input, "resourceArn", "stateMachine");
  return arn ? std::move(arn) : arn_of(input, "resourceArn", "activity");
}

}  // namespace pawl::api::states
