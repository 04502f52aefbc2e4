#include "asl/intrinsic/call.h"

#include <array>

#include "base/text.h"
#include "json/write.h"

namespace pawl::asl::intrinsic {
namespace {

constexpr size_t any_number = 64;

constexpr std::array<Function, 18> functions{{
    {"States.Format", 1, any_number, format},
    {"States.StringToJson", 1, 1, string_to_json},
    {"States.JsonToString", 1, 1, json_to_string},
    {"States.Array", 0, any_number, array},
    {"States.ArrayPartition", 2, 2, array_partition},
    {"States.ArrayContains", 2, 2, array_contains},
    {"States.ArrayRange", 3, 3, array_range},
    {"States.ArrayGetItem", 2, 2, array_get_item},
    {"States.ArrayLength", 1, 1, array_length},
    {"States.ArrayUnique", 1, 1, array_unique},
    {"States.Base64Encode", 1, 1, base64_encode},
    {"States.Base64Decode", 1, 1, base64_decode},
    {"States.Hash", 2, 2, hash},
    {"States.JsonMerge", 3, 3, json_merge},
    {"States.MathRandom", 2, 3, math_random},
    {"States.MathAdd", 2, 2, math_add},
    {"States.StringSplit", 2, 2, string_split},
    {"States.UUID", 0, 0, uuid},
}};

Failure failure(const Call& call, std::string error, std::string_view trouble) {
  return {std::move(error),
          concat("The function '", call.text, "' had the following error: ", trouble)};
}

void count_bytes(const Scope& scope, Arguments arguments, const Answer& answer) {
  if (scope.budget == nullptr) return;
  constexpr size_t bytes_looked_at = 64;
  size_t bytes = answer ? answer->text_size() : 0;
  for (const json::Value& argument : arguments) bytes += argument.text_size();
  scope.budget->looked_at += static_cast<int64_t>(bytes / bytes_looked_at);
}

Outcome<json::Value> value(const Call& call, const Argument& argument, const Scope& scope,
                           Entropy& entropy) {
  if (const auto* literal = std::get_if<json::Value>(&argument)) return *literal;
  if (const auto* inner = std::get_if<std::unique_ptr<const Call>>(&argument))
    return evaluate(**inner, scope, entropy);
  const Path& path = std::get<Path>(argument);
  auto found = path.read(scope);
  if (found) return found;
  return failure(call, "States.Runtime",
                 concat("The JsonPath argument for the field '", path.text(),
                        "' could not be found in the input '", json::write(scope.input), "'"));
}

}  // namespace

const Function* find(std::string_view name) {
  for (const Function& function : functions)
    if (function.name == name) return &function;
  return nullptr;
}

void add_variables(const Call& call, std::vector<std::string>& names) {
  for (const Argument& argument : call.arguments) {
    if (const auto* path = std::get_if<Path>(&argument); path && !path->variable().empty())
      names.emplace_back(path->variable());
    if (const auto* inner = std::get_if<std::unique_ptr<const Call>>(&argument))
      add_variables(**inner, names);
  }
}

Outcome<json::Value> evaluate(const Call& call, const Scope& scope, Entropy& entropy) {
  json::Value::Array values;
  values.reserve(call.arguments.size());
  for (const Argument& argument : call.arguments)
    values.push_back(TRY(value(call, argument, scope, entropy)));
  auto answer = call.function->call(values, entropy);
  count_bytes(scope, values, answer);
  if (answer) return *std::move(answer);
  return failure(call, "States.IntrinsicFailure", answer.error());
}

}  // namespace pawl::asl::intrinsic
