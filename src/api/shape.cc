#include "api/shape.h"

#include <algorithm>
#include <string>
#include <vector>

#include "api/fields.h"
#include "base/text.h"

namespace pawl::api {
namespace {

// Of a value that a refusal shows.
constexpr size_t shown_bytes_max = 1024;

using json::Value;

Error wrong_kind(std::string_view path, std::string_view wanted) {
  return Error(ErrorCode::invalid_argument,
               concat("SerializationException: the member ", path, " is not a ", wanted));
}

std::string shown(const Value& value, const Member& member) {
  if (value.is_string()) return std::string(value.string());
  if (value.is_integer()) return concat(value.integer());
  if (value.is_number()) return concat(value.real());
  if (value.is_boolean()) return value.boolean() ? "true" : "false";
  std::vector<std::string> pieces;
  if (value.is_array()) {
    for (const Value& each : value.elements()) pieces.push_back(shown(each, member));
    return concat("[", join(pieces, ", "), "]");
  }
  for (const Member& each : member.members)
    if (const Value* found = value.find(each.name))
      pieces.push_back(concat(each.name, "=", shown(*found, each)));
  return concat(member.type_name, "(", join(pieces, ", "), ")");
}

class Inspection {
 public:
  Result<void> structure(const Value& value, const std::string& path,
                         std::span<const Member> members) {
    for (const Member& each : members) {
      const Value* found = value.find(each.name);
      const std::string place =
          path.empty() ? std::string(each.name) : concat(path, ".", each.name);
      const bool is_absent = found == nullptr || found->is_null();
      if (is_absent && each.is_required) violate("null", place, "Member must not be null");
      if (!is_absent) TRY(member(*found, place, each));
    }
    return {};
  }

  Result<void> outcome() const {
    if (violations_.empty()) return {};
    return Error(
        ErrorCode::invalid_argument,
        concat("ValidationException: ", violations_.size(), " validation error",
               violations_.size() == 1 ? "" : "s", " detected: ", join(violations_, "; ")));
  }

 private:
  void violate(std::string_view value, std::string_view path, std::string_view constraint) {
    violations_.push_back(concat("Value ", shortened(value), " at '", path,
                                 "' failed to satisfy constraint: ", constraint));
  }

  // A megabyte is not said back to who sent it. Cut between characters.
  static std::string shortened(std::string_view value) {
    if (value.size() <= shown_bytes_max) return std::string(value);
    size_t end = shown_bytes_max;
    while ((value[end] & 0xC0) == 0x80) --end;
    return concat(value.substr(0, end), "…'");
  }

  template <typename Number>
  void bounds(Number measure, std::string_view what, const Value& value, const std::string& path,
              const Member& member) {
    const auto say = [&](std::string_view relation, int64_t bound) {
      violate(concat("'", shown(value, member), "'"), path,
              concat("Member must have ", what, " ", relation, " than or equal to ", bound));
    };
    if (measure < member.least) say("greater", member.least);
    if (measure > member.most) say("less", member.most);
  }

  void text(const Value& value, const std::string& path, const Member& member) {
    const std::string_view text = value.string();
    const std::string quoted = concat("'", text, "'");
    bounds(static_cast<int64_t>(characters(text)), "length", value, path, member);
    if (!text.empty() && member.matches != nullptr && !member.matches(text))
      violate(quoted, path,
              concat("Member must satisfy regular expression pattern: ", member.pattern));
    const auto& words = member.words;
    if (!words.empty() && std::find(words.begin(), words.end(), text) == words.end())
      violate(quoted, path,
              concat("Member must satisfy enum value set: [",
                     join(std::vector<std::string>(words.begin(), words.end()), ", "), "]"));
  }

  Result<void> list(const Value& value, const std::string& path, const Member& member) {
    bounds(static_cast<int64_t>(value.size()), "length", value, path, member);
    size_t number = 0;
    for (const Value& each : value.elements()) {
      const std::string place = concat(path, ".", ++number, ".member");
      if (!member.members.empty() && member.members.front().name.empty()) {
        TRY(this->member(each, place, member.members.front()));
      } else if (!each.is_object()) {
        return wrong_kind(place, "structure");
      } else {
        TRY(structure(each, place, member.members));
      }
    }
    return {};
  }

  Result<void> member(const Value& value, const std::string& path, const Member& member) {
    switch (member.kind) {
      case Kind::text:
        if (!value.is_string()) return wrong_kind(path, "string");
        text(value, path, member);
        return {};
      case Kind::number:
        if (!value.is_integer()) return wrong_kind(path, "whole number");
        bounds(value.integer(), "value", value, path, member);
        return {};
      case Kind::real:
        if (!value.is_number()) return wrong_kind(path, "number");
        bounds(value.real(), "value", value, path, member);
        return {};
      case Kind::boolean:
        if (!value.is_boolean()) return wrong_kind(path, "boolean");
        return {};
      case Kind::list:
        if (!value.is_array()) return wrong_kind(path, "list");
        return list(value, path, member);
      case Kind::structure:
        if (!value.is_object()) return wrong_kind(path, "structure");
        return structure(value, path, member.members);
    }
    return {};
  }

  std::vector<std::string> violations_;
};

}  // namespace

Result<void> check_shape(const Value& input, std::span<const Member> members) {
  Inspection inspection;
  TRY(inspection.structure(input, "", members));
  return inspection.outcome();
}

}  // namespace pawl::api
