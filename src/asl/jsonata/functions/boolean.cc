#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/functions/call.h"
#include "asl/jsonata/functions/families.h"

namespace pawl::asl::jsonata {
namespace {

const std::string null_name = "null", number_name = "number", string_name = "string",
                  boolean_name = "boolean", array_name = "array", object_name = "object",
                  function_name = "function";

Answer boolean(Call& call) {
  if (!call.has(0)) return Item();
  return Item::boolean(TRY(call.run.holds(call[0])));
}

Answer negation(Call& call) {
  if (!call.has(0)) return Item();
  return Item::boolean(!TRY(call.run.holds(call[0])));
}

Answer exists(Call& call) { return Item::boolean(call.has(0)); }

Answer type(Call& call) {
  switch (call[0].kind()) {
    case Item::Kind::null:
      return Item::of(null_name);
    case Item::Kind::boolean:
      return Item::of(boolean_name);
    case Item::Kind::number:
    case Item::Kind::whole:
      return Item::of(number_name);
    case Item::Kind::string:
      return Item::of(string_name);
    case Item::Kind::array:
      return Item::of(array_name);
    case Item::Kind::object:
      return Item::of(object_name);
    case Item::Kind::function:
      return Item::of(function_name);
    default:
      return Item();
  }
}

Failed raise(const Call& call, std::string_view code, const Item& message,
             std::string_view otherwise) {
  const bool is_given = message.is_string() && !message.text().empty();
  return call.fail(Fault(code).with_text("message", is_given ? message.text() : otherwise));
}

Answer error(Call& call) { return raise(call, "D3137", call[0], "$error() function evaluated"); }

Answer assertion(Call& call) {
  if (TRY(call.run.holds(call[0]))) return Item();
  return raise(call, "D3141", call[1], "$assert() statement failed");
}

}  // namespace

std::span<const FunctionRow> boolean_functions() {
  static constexpr FunctionRow rows[] = {
      {"boolean", "<x-:b>", 1, boolean}, {"not", "<x-:b>", 1, negation},
      {"exists", "<x:b>", 1, exists},    {"type", "<x:s>", 1, type},
      {"error", "<s?:x>", 1, error},     {"assert", "<bs?:x>", 2, assertion},
  };
  return rows;
}

}  // namespace pawl::asl::jsonata
