#include "api/fields.h"

#include <algorithm>

#include "aws/arn.h"
#include "base/text.h"
#include "json/write.h"

namespace pawl::api {
namespace {

Error wrong_type(std::string_view name, std::string_view wanted) {
  return Error(ErrorCode::invalid_argument,
               concat("SerializationException: the member ", name, " is not a ", wanted));
}

bool is_absent(const json::Value* value) { return value == nullptr || value->is_null(); }

// Empty structures say nothing, so they ask for nothing.
bool is_empty(const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::null:
      return true;
    case json::Kind::boolean:
      return !value.boolean();
    case json::Kind::string:
    case json::Kind::array:
    case json::Kind::object:
      return value.size() == 0;
    default:
      return false;
  }
}

// The service counts UTF-16 units: two for what lies outside the basic plane.
size_t characters(std::string_view text) {
  size_t count = 0;
  for (const char byte : text) {
    const auto value = static_cast<uint8_t>(byte);
    const bool is_continuation = (value & 0xc0) == 0x80;
    count += is_continuation ? 0 : value >= 0xf0 ? 2 : 1;
  }
  return count;
}

Error too_long(std::string_view text, std::string_view name, size_t characters_max) {
  return constraint_error(concat("'", text, "'"), name,
                          concat("Member must have length less than or equal to ", characters_max));
}

}  // namespace

Error constraint_error(std::string_view shown, std::string_view name, std::string_view constraint) {
  return Error(ErrorCode::invalid_argument,
               concat("ValidationException: 1 validation error detected: Value ", shown, " at '",
                      name, "' failed to satisfy constraint: ", constraint));
}

Result<std::optional<std::string>> optional_text(const json::Value& input, std::string_view name) {
  const json::Value* value = input.find(name);
  if (is_absent(value)) return std::optional<std::string>();
  if (!value->is_string()) return wrong_type(name, "string");
  return std::optional(std::string(value->string()));
}

Result<std::string> required_text(const json::Value& input, std::string_view name) {
  auto text = TRY(optional_text(input, name));
  if (!text) return constraint_error("null", name, "Member must not be null");
  return *std::move(text);
}

Result<bool> optional_boolean(const json::Value& input, std::string_view name, bool otherwise) {
  const json::Value* value = input.find(name);
  if (is_absent(value)) return otherwise;
  if (!value->is_boolean()) return wrong_type(name, "boolean");
  return value->boolean();
}

Result<int64_t> bounded_number(const json::Value& input, std::string_view name, Bounds bounds) {
  const json::Value* value = input.find(name);
  if (is_absent(value)) return bounds.otherwise;
  if (!value->is_integer()) return wrong_type(name, "whole number");
  const int64_t number = value->integer();
  const std::string shown = concat("'", number, "'");
  if (number > bounds.most)
    return constraint_error(shown, name,
                            concat("Member must have value less than or equal to ", bounds.most));
  if (number < bounds.least)
    return constraint_error(
        shown, name, concat("Member must have value greater than or equal to ", bounds.least));
  return number == 0 ? bounds.otherwise : number;
}

Result<std::string> required_text(const json::Value& input, std::string_view name,
                                  size_t characters_max) {
  auto text = TRY(required_text(input, name));
  if (text.empty())
    return constraint_error("''", name, "Member must have length greater than or equal to 1");
  if (characters(text) > characters_max) return too_long(text, name, characters_max);
  return text;
}

Result<std::string> bounded_text(const json::Value& input, std::string_view name,
                                 size_t characters_max) {
  auto text = TRY(optional_text(input, name)).value_or("");
  if (characters(text) > characters_max) return too_long(text, name, characters_max);
  return text;
}

Result<std::string> one_of(const json::Value& input, std::string_view name,
                           const std::vector<std::string_view>& known, std::string_view otherwise) {
  const auto asked = TRY(optional_text(input, name));
  if (!asked) return std::string(otherwise);
  const bool is_known = std::find(known.begin(), known.end(), *asked) != known.end();
  if (is_known) return *asked;
  return constraint_error(
      concat("'", *asked, "'"), name,
      concat("Member must satisfy enum value set: [",
             join(std::vector<std::string>(known.begin(), known.end()), ", "), "]"));
}

Result<void> refuse_unsupported(const json::Value& input,
                                const std::vector<std::string_view>& unsupported) {
  for (const auto name : unsupported) {
    const json::Value* value = input.find(name);
    if (value == nullptr || is_empty(*value)) continue;
    return Error(ErrorCode::unsupported,
                 concat("ValidationException: the member ", name, " is not supported"));
  }
  return {};
}

Result<void> check_arn(std::string_view arn, std::string_view kind) {
  const auto invalid = [&](std::string_view why, std::string_view what) {
    return Error(ErrorCode::invalid_argument,
                 concat("InvalidArn: Invalid Arn: '", why, ": ", what, "'"));
  };
  const auto parsed = aws::parse_arn(arn);
  if (!parsed) return invalid("Invalid ARN prefix", arn);
  if (parsed->service != "states") return invalid("Invalid service in ARN", parsed->service);
  const auto found = parsed->resource.substr(0, parsed->resource.find(':'));
  if (found != kind) return invalid("Resource type not valid in this context", found);
  return {};
}

}  // namespace pawl::api
