#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "base/result.h"
#include "json/value.h"

namespace pawl::api {

enum class Kind : uint8_t { text, number, boolean, list, structure };

// What a member of a request must be. Of a text `least` and `most` bound the length, of a list the
// size, of a number itself.
struct Member {
  std::string_view name;
  Kind kind = Kind::text;
  bool is_required = false;
  int64_t least = 0, most = std::numeric_limits<int64_t>::max();
  std::span<const std::string_view> words = {};  // the only ones; empty: any
  std::string_view pattern = {};                 // as the service shows it
  bool (*matches)(std::string_view text) = nullptr;
  // Of a structure its members; of a list those of its elements, or of texts one without a name.
  std::span<const Member> members = {};
  std::string_view type_name = {};  // of a list's elements, as the service shows them
};

// Holds a request to its shape, as the service's front end does, before anything asks what it
// says: all that is wrong is told at once. Members that no shape knows are nobody's business.
// Errors: SerializationException for a member of the wrong kind, ValidationException.
Result<void> check_shape(const json::Value& input, std::span<const Member> members);

}  // namespace pawl::api
