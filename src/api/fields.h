#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/value.h"

namespace pawl::api {

// Reading the members of a request. The errors are those of the services' own front ends:
// ValidationException with "1 validation error detected: …", SerializationException for a member of
// the wrong type.

Result<std::string> required_text(const json::Value& input, std::string_view name);
// Required, and of 1 to `characters_max` characters.
Result<std::string> required_text(const json::Value& input, std::string_view name,
                                  size_t characters_max);
Result<std::optional<std::string>> optional_text(const json::Value& input, std::string_view name);
Result<bool> optional_boolean(const json::Value& input, std::string_view name, bool otherwise);

struct Bounds {
  int64_t least, most, otherwise;
};
// An absent number, or 0, is `otherwise`.
Result<int64_t> bounded_number(const json::Value& input, std::string_view name, Bounds bounds);
// An absent text is empty.
Result<std::string> bounded_text(const json::Value& input, std::string_view name,
                                 size_t characters_max);
// One of the words in `known`; absent, it is `otherwise`.
Result<std::string> one_of(const json::Value& input, std::string_view name,
                           const std::vector<std::string_view>& known, std::string_view otherwise);

// The most characters an ARN or a name may have, before anything asks what it says.
constexpr size_t arn_characters_max = 256;
constexpr size_t name_characters_max = 80;

Error constraint_error(std::string_view shown, std::string_view name, std::string_view constraint);

// Error where the request has a member that is neither known nor empty: nothing pretends.
Result<void> refuse_unsupported(const json::Value& input,
                                const std::vector<std::string_view>& unsupported);

// Error InvalidArn where the text is not the ARN of that kind ("stateMachine", "execution").
Result<void> check_arn(std::string_view arn, std::string_view kind);

}  // namespace pawl::api
