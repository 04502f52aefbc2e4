#include "batch/members.h"

#include <string>

namespace pawl::batch {
namespace {

using json::Value;

bool names_are_the_users(std::string_view member) {
  return member == "Parameters" || member == "parameters" || member == "Tags" || member == "tags";
}

char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper_letter(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

Value renamed(const Value& value, char (*first_letter)(char)) {
  if (value.is_array()) {
    Value::Array elements;
    for (const Value& element : value.elements())
      elements.push_back(renamed(element, first_letter));
    return elements;
  }
  if (!value.is_object()) return value;
  Value::Object members;
  for (const Value::Member& member : value.members()) {
    std::string name = member.name;
    if (!name.empty()) name.front() = first_letter(name.front());
    members.push_back({std::move(name), names_are_the_users(member.name)
                                            ? member.value
                                            : renamed(member.value, first_letter)});
  }
  return members;
}

}  // namespace

Value as_in_api(const Value& value) { return renamed(value, lower_letter); }
Value as_in_tasks(const Value& value) { return renamed(value, upper_letter); }

}  // namespace pawl::batch
