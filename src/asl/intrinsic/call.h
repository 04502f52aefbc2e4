#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "asl/failure.h"
#include "asl/intrinsic/entropy.h"
#include "asl/path.h"
#include "asl/scope.h"
#include "json/value.h"

namespace pawl::asl::intrinsic {

using Arguments = std::span<const json::Value>;

// What went wrong, without the name of the function.
using Answer = Result<json::Value, std::string>;

struct Function {
  std::string_view name;  // "States.Array"
  size_t arguments_min, arguments_max;
  Answer (*call)(Arguments arguments, Entropy& entropy);
};

// Null where there is no function of that name.
const Function* find(std::string_view name);

struct Call;
using Argument = std::variant<json::Value, Path, std::unique_ptr<const Call>>;

struct Call {
  const Function* function;
  std::string text;  // as written, for failures
  std::vector<Argument> arguments;
};

// "States.Format('{}', $.name)". Error: invalid_argument with the place in the text.
Result<Call> parse(std::string_view text);

// Failure: States.IntrinsicFailure; States.Runtime where a path names nothing.
Outcome<json::Value> evaluate(const Call& call, const Scope& scope, Entropy& entropy);

// Appends the variables that the arguments read.
void add_variables(const Call& call, std::vector<std::string>& names);

// The functions themselves, by family.
Answer array(Arguments arguments, Entropy& entropy);
Answer array_partition(Arguments arguments, Entropy& entropy);
Answer array_contains(Arguments arguments, Entropy& entropy);
Answer array_range(Arguments arguments, Entropy& entropy);
Answer array_get_item(Arguments arguments, Entropy& entropy);
Answer array_length(Arguments arguments, Entropy& entropy);
Answer array_unique(Arguments arguments, Entropy& entropy);

Answer base64_encode(Arguments arguments, Entropy& entropy);
Answer base64_decode(Arguments arguments, Entropy& entropy);
Answer hash(Arguments arguments, Entropy& entropy);

Answer string_to_json(Arguments arguments, Entropy& entropy);
Answer json_to_string(Arguments arguments, Entropy& entropy);
Answer json_merge(Arguments arguments, Entropy& entropy);

Answer math_random(Arguments arguments, Entropy& entropy);
Answer math_add(Arguments arguments, Entropy& entropy);
Answer uuid(Arguments arguments, Entropy& entropy);

Answer format(Arguments arguments, Entropy& entropy);
Answer string_split(Arguments arguments, Entropy& entropy);

// A number rounded half up to an integer, as the service rounds (1.5 to 2, -1.5 to -1).
Result<int64_t, std::string> rounded(const json::Value& number);

}  // namespace pawl::asl::intrinsic
