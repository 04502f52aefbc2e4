#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "json/value.h"

namespace pawl::asl::jsonata {

// JSONata 2 (docs.jsonata.org), the query and transformation language, complete with its library.
// Pure: time and randomness enter an evaluation as data.

// What is wrong with an expression or its evaluation.
struct Problem {
  std::string code;     // of the reference implementation: "S0201", "T2001", "D3030"
  std::string message;  // its text with the values filled in; without the code
  size_t position = 0;  // in the expression, in characters, just behind the token
  std::string token;    // where there is one
};

// Which functions there are beside the library.
enum class Dialect {
  plain,   // none
  states,  // $partition $range $hash $random $uuid $parse, and no $eval: Amazon States Language
};

using Bindings = std::map<std::string, json::Value, std::less<>>;  // names without "$"

struct Facts {
  Instant now;           // $now, $millis
  uint64_t entropy = 0;  // the seed of $random, $uuid and $shuffle
};

struct Limits {
  int64_t depth_max = 500;       // calls within calls; a call in tail position is none
  int64_t nesting_max = 20'000;  // evaluations within evaluations: calls, brackets, operators
  // Nodes evaluated, elements looked at, and one for every 64 bytes that are made: the same number
  // for the same expression and values everywhere.
  int64_t steps_max = 100'000'000;
  size_t bytes_max = 256 << 20;      // of what is made on the way
  std::function<bool()> is_expired;  // asked now and then where set: the time is over
  int64_t* steps_taken = nullptr;    // where set: the steps of the evaluation are added there
};

class Expression {
 public:
  static Result<Expression, Problem> compile(std::string_view text,
                                             Dialect dialect = Dialect::plain);

  // Nothing: the expression has no value ("undefined"). A function as a result, or within one, is
  // an empty text, as $string writes it. Where a limit is reached the code is U1001.
  Result<std::optional<json::Value>, Problem> evaluate(const json::Value& input,
                                                       const Bindings& bindings, const Facts& facts,
                                                       const Limits& limits = {}) const;
  // Without an input: `$` has no value.
  Result<std::optional<json::Value>, Problem> evaluate(std::nullopt_t, const Bindings& bindings,
                                                       const Facts& facts,
                                                       const Limits& limits = {}) const;

  // Every variable that is read and not bound within the expression, without "$", library functions
  // left out; each with the path of names that follows it ("states", "states.input"), sorted.
  std::vector<std::string> references() const;
  // The library functions among them: a binding of that name goes before the library.
  std::vector<std::string> functions() const;

  // What it reads of the input it is evaluated on, each once, in the order of the text: the name
  // that a path begins with, "$" and "$$"; and "$states.errorOutput", which not every state has.
  struct Read {
    std::string name;
    size_t position;  // as in a Problem
  };
  std::vector<Read> context_reads() const;

  Expression(Expression&&) noexcept;
  Expression& operator=(Expression&&) noexcept;
  ~Expression();

 private:
  struct Program;
  explicit Expression(std::unique_ptr<const Program> program);
  Result<std::optional<json::Value>, Problem> run(const json::Value* input,
                                                  const Bindings& bindings, const Facts& facts,
                                                  const Limits& limits) const;
  std::unique_ptr<const Program> program_;
};

}  // namespace pawl::asl::jsonata
