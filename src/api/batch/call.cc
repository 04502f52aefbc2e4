#include "api/batch/call.h"

#include <algorithm>

#include "base/text.h"

namespace pawl::api::batch {
namespace {

using json::Value;

bool says_nothing(const Value& value) {
  if (value.is_number()) return value.real() == 0;
  return value.is_boolean() ? !value.boolean() : value.size() == 0;
}

Result<void> check_offered(const std::string& path, const Value& value,
                           std::span<const Member> members);

Result<void> check_elements(const std::string& path, const Value& value, const Member& member) {
  if (!value.is_array() || member.members.empty() || member.members.front().name.empty()) return {};
  for (const Value& each : value.elements()) TRY(check_offered(path, each, member.members));
  return {};
}

// A structure without rows has whatever names it likes.
Result<void> check_offered(const std::string& path, const Value& value,
                           std::span<const Member> members) {
  if (!value.is_object() || members.empty()) return {};
  for (const auto& [name, inner] : value.members()) {
    const std::string place = path.empty() ? name : concat(path, ".", name);
    const auto member = std::ranges::find(members, std::string_view(name), &Member::name);
    if (member == members.end()) {
      if (says_nothing(inner)) continue;
      return refused(concat(place, " is not offered by this server"));
    }
    TRY(member->kind == Kind::list ? check_elements(place, inner, *member)
                                   : check_offered(place, inner, member->members));
  }
  return {};
}

Value without_nulls(const Value& value) {
  if (value.is_array()) {
    Value::Array elements;
    for (const Value& element : value.elements()) elements.push_back(without_nulls(element));
    return elements;
  }
  if (!value.is_object()) return value;
  Value::Object members;
  for (const auto& [name, inner] : value.members())
    if (!inner.is_null()) members.push_back({name, without_nulls(inner)});
  return Value(std::move(members));
}

}  // namespace

std::string Place::arn(std::string_view kind, std::string_view name) const {
  return concat("arn:aws:batch:", region, ":", account, ":", kind, "/", name);
}

Result<Value> checked(const Value& input, std::span<const Member> members) {
  const Value whole = without_nulls(input);
  TRY(check_offered("", whole, members));
  const auto shaped = check_shape(whole, members);
  if (shaped) return whole;
  const std::string& message = shaped.error().message();
  return refused(message.substr(message.find(": ") + 2));
}

}  // namespace pawl::api::batch
