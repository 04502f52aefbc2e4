#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "json/value.h"

namespace pawl::asl::path {

// A JSONPath taken apart: a root and the steps that lead down from it. A step is definite where it
// leads from one value to at most one.

struct Predicate;

struct Members {
  std::vector<std::string> names;  // ['a','b']; definite where there is one
};
struct Indexes {
  std::vector<int64_t> numbers;  // [0,-1]; definite where there is one
};
struct Slice {
  std::optional<int64_t> begin, end;  // [begin:end:stride]
  int64_t stride = 1;
};
struct Everything {};  // *
struct Descend {};     // "..": the value and all that is beneath it
struct Filter {
  std::unique_ptr<const Predicate> predicate;  // [?(…)]
};

using Step = std::variant<Members, Indexes, Slice, Everything, Descend, Filter>;

// What may be called at the end of a path, as in "$.list.length()".
enum class Function { length, min, max, average, sum, keys, first, last };

enum class Root { input, context, current, variable };  // $, $$, @ inside a filter, $name

struct Expression {
  Root root = Root::input;
  std::string variable = {};  // the name behind "$"
  std::vector<Step> steps = {};
  std::optional<Function> function;
  bool is_definite = true;
};

using Operand = std::variant<json::Value, Expression>;

enum class Comparator {
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,
  not_in,
  contains,
  size,
};

// One condition of a filter. any and all have parts, negation has one part; existence has a left
// side, comparison both sides.
struct Predicate {
  enum class Kind { any, all, negation, existence, comparison };
  Kind kind = Kind::existence;
  std::vector<Predicate> parts;
  Operand left, right;
  Comparator comparator = Comparator::equal;
};

// Error: invalid_argument with the place in the text.
Result<Expression> compile(std::string_view text);

// The values that an expression can start from. `current` is null outside a filter.
struct Roots {
  const json::Value* input;
  const json::Value* context;
  const json::Value* current;
  const json::Value* variables;  // an object, or null where there are none
  // Counts the values that are looked at, by the path and all paths in its filters.
  size_t* looked_at;
};

// The value, or why there is none ("No results for path: $['a']").
struct Reading {
  std::optional<json::Value> value;
  std::string trouble;
};
Reading read(const Expression& expression, const Roots& roots);

bool holds(const Predicate& predicate, const Roots& roots);

json::Value apply(Function function, const json::Value& value);

}  // namespace pawl::asl::path
