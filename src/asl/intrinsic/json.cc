#include "asl/intrinsic/call.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::asl::intrinsic {

using json::Value;

Answer string_to_json(Arguments arguments, Entropy&) {
  if (!arguments[0].is_string())
    return std::string("Invalid arguments: the argument must be a string");
  if (arguments[0].size() == 0) return Value();
  auto value = json::parse(arguments[0].string());
  if (!value) return std::string("The argument must be valid JSON");
  return *std::move(value);
}

Answer json_to_string(Arguments arguments, Entropy&) { return Value(json::write(arguments[0])); }

Answer json_merge(Arguments arguments, Entropy&) {
  if (!arguments[0].is_object() || !arguments[1].is_object())
    return std::string("Invalid arguments: the first two arguments must be JSON objects");
  if (!arguments[2].is_boolean())
    return std::string("Invalid arguments: the third argument must be a boolean");
  if (arguments[2].boolean())
    return std::string("Deep merging is not supported: the third argument must be false");
  return arguments[0].merged(arguments[1].members());
}

}  // namespace pawl::asl::intrinsic
