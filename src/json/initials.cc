#include "json/initials.h"

#include <algorithm>

namespace pawl::json {
namespace {

std::string begun(std::string name, Initial initial) {
  if (name.empty()) return name;
  char& first = name.front();
  if (initial == Initial::small && first >= 'A' && first <= 'Z') first += 'a' - 'A';
  if (initial == Initial::capital && first >= 'a' && first <= 'z') first -= 'a' - 'A';
  return name;
}

}  // namespace

Value with_initials(const Value& value, Initial initial,
                    std::span<const std::string_view> of_users) {
  if (value.is_array()) {
    Value::Array elements;
    for (const Value& element : value.elements())
      elements.push_back(with_initials(element, initial, of_users));
    return elements;
  }
  if (!value.is_object()) return value;
  Value::Object members;
  for (const auto& [name, inner] : value.members()) {
    const bool is_of_users =
        std::ranges::find(of_users, begun(name, Initial::small)) != of_users.end();
    members.push_back(
        {begun(name, initial), is_of_users ? inner : with_initials(inner, initial, of_users)});
  }
  return members;
}

}  // namespace pawl::json
