#include <algorithm>
#include <span>

#include "api/states/test_state/request.h"
#include "base/text.h"
#include "engine/service_errors.h"
#include "json/parse.h"

namespace pawl::api::states {
namespace {

using json::Value;

enum class Holds { anything, text, number, object };

// A member of the context object, and of an object the members it may have.
struct ContextMember {
  std::string_view name;
  Holds holds = Holds::text;
  std::span<const ContextMember> members = {};
};

constexpr ContextMember execution[] = {
    {"Id"},        {"Input", Holds::anything},      {"Name"},       {"RoleArn"},
    {"StartTime"}, {"RedriveCount", Holds::number}, {"RedriveTime"}};
constexpr ContextMember state[] = {{"EnteredTime"}, {"Name"}, {"RetryCount", Holds::number}};
constexpr ContextMember machine[] = {{"Id"}, {"Name"}};
constexpr ContextMember task[] = {{"Token"}};
constexpr ContextMember item[] = {
    {"Index", Holds::number}, {"Value", Holds::anything}, {"Key"}, {"Source"}};
constexpr ContextMember map[] = {{"Item", Holds::object, item}};
constexpr ContextMember context[] = {{"Execution", Holds::object, execution},
                                     {"State", Holds::object, state},
                                     {"StateMachine", Holds::object, machine},
                                     {"Task", Holds::object, task},
                                     {"Map", Holds::object, map}};

Error invalid(std::string_view trouble) {
  return engine::invalid_request(concat("Invalid Context object provided: ", trouble));
}

std::string_view trouble_with(const Value& value, Holds holds) {
  if (holds == Holds::text && !value.is_string()) return " must be a string";
  if (holds == Holds::number && !value.is_number()) return " must be a number";
  if (holds == Holds::object && !value.is_object()) return " must be an object";
  return {};
}

Result<void> check(const Value& object, std::span<const ContextMember> members,
                   const std::string& path) {
  for (const auto& [name, value] : object.members()) {
    const auto known = std::find_if(
        members.begin(), members.end(),
        [named = std::string_view(name)](const auto& member) { return member.name == named; });
    if (known == members.end()) return invalid(concat("Field '", path, name, "' is not allowed"));
    const auto trouble = trouble_with(value, known->holds);
    if (!trouble.empty()) return invalid(concat(path, name, trouble));
    if (known->holds == Holds::object) TRY(check(value, known->members, concat(path, name, ".")));
  }
  return {};
}

}  // namespace

Result<Value> read_context(const std::string& text) {
  auto value = json::parse(text);
  if (!value || !value->is_object()) return invalid("it must be a JSON object");
  TRY(check(*value, context, ""));
  return value;
}

}  // namespace pawl::api::states
