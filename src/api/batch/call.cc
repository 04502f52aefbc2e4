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

Result<void> check_offered_at(const std::string& path, const Value& value,
                              std::span<const Member> members);

Result<void> check_elements(const std::string& path, const Value& value, const Member& member) {
  if (!value.is_array() || member.members.empty() || member.members.front().name.empty()) return {};
  for (const Value& each : value.elements()) TRY(check_offered_at(path, each, member.members));
  return {};
}

// A structure without rows has whatever names it likes.
Result<void> check_offered_at(const std::string& path, const Value& value,
                              std::span<const Member> members) {
  if (!value.is_object() || members.empty()) return {};
  for (const auto& [name, inner] : value.members()) {
    const std::string place = path.empty() ? name : concat(path, ".", name);
    const auto member =
        std::ranges::find_if(members, [&](const Member& each) { return each.name == name; });
    if (member == members.end()) {
      if (says_nothing(inner)) continue;
      return refused(concat(place, " is not offered by this server"));
    }
    TRY(member->kind == Kind::list ? check_elements(place, inner, *member)
                                   : check_offered_at(place, inner, member->members));
  }
  return {};
}

}  // namespace

std::string Place::arn(std::string_view kind, std::string_view name) const {
  return concat("arn:aws:batch:", region, ":", account, ":", kind, "/", name);
}

Error refused(std::string why) {
  return Error(ErrorCode::invalid_argument, concat("ClientException: ", why));
}

Result<void> check_offered(const Value& input, std::span<const Member> members) {
  return check_offered_at("", input, members);
}

}  // namespace pawl::api::batch
