#include "json/digest.h"

#include <functional>
#include <string_view>

namespace pawl::json {
namespace {

size_t mixed(size_t seed, size_t more) {
  seed ^= more + 0x9e3779b97f4a7c15 + (seed << 6) + (seed >> 2);
  return seed * 0xbf58476d1ce4e5b9;
}

}  // namespace

size_t Digest::operator()(const Value& value) {
  if (value.is_number()) return std::hash<double>()(value.real());
  if (value.is_string()) return std::hash<std::string_view>()(value.string());
  if (!value.is_array() && !value.is_object()) {
    return value.is_boolean() && value.boolean() ? 2 : 1;
  }
  const auto before = known_.find(value.identity());
  if (before != known_.end()) return before->second;
  size_t digest = mixed(value.is_array() ? 3 : 4, value.size());
  if (value.is_array()) {
    for (const Value& element : value.elements()) digest = mixed(digest, (*this)(element));
  } else {
    // Added up, so that their order does not matter.
    size_t members = 0;
    for (const auto& [name, member] : value.members())
      members += mixed(std::hash<std::string_view>()(name), (*this)(member));
    digest = mixed(digest, members);
  }
  return known_[value.identity()] = digest;
}

}  // namespace pawl::json
