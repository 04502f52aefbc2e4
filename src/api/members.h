#pragma once

#include "api/shape.h"

namespace pawl::api::members {

// Rows of shapes, in a word each.
constexpr Member text(std::string_view name, int64_t least, int64_t most) {
  return {.name = name, .least = least, .most = most};
}
constexpr Member required_text(std::string_view name, int64_t least, int64_t most) {
  return {.name = name, .is_required = true, .least = least, .most = most};
}
constexpr Member unbounded(std::string_view name) { return {.name = name}; }
constexpr Member flag(std::string_view name) { return {.name = name, .kind = Kind::boolean}; }
constexpr Member number(std::string_view name, int64_t least,
                        int64_t most = std::numeric_limits<int64_t>::max()) {
  return {.name = name, .kind = Kind::number, .least = least, .most = most};
}
constexpr Member word(std::string_view name, std::span<const std::string_view> words) {
  return {.name = name, .words = words};
}
constexpr Member structure(std::string_view name, std::span<const Member> members) {
  return {.name = name, .kind = Kind::structure, .members = members};
}
constexpr Member list(std::string_view name, std::span<const Member> members) {
  return {.name = name, .kind = Kind::list, .members = members};
}
constexpr Member required_list(std::string_view name, std::span<const Member> members) {
  return {.name = name, .kind = Kind::list, .is_required = true, .members = members};
}

}  // namespace pawl::api::members
