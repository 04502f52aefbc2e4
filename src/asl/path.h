#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "asl/failure.h"
#include "asl/scope.h"
#include "base/result.h"
#include "json/value.h"

namespace pawl::asl {

// A compiled JSONPath of the Amazon States Language: "$.a.b[0]", "$$.Execution.Id", "$variable.a",
// and the full form with wildcards, slices, unions, recursive descent and filters
// ("$..book[?(@.price < 10)]").
class Path {
 public:
  // Error: invalid_argument with the place in the text.
  static Result<Path> parse(std::string_view text);

  Path(Path&&) noexcept;
  Path& operator=(Path&&) noexcept;
  ~Path();

  const std::string& text() const { return text_; }
  // Names exactly one place ("Reference Path": no operators that may match several).
  bool is_reference() const;
  // Begins with "$$".
  bool reads_context() const;
  // The name of the variable it begins with, or empty.
  std::string_view variable() const;

  // The value there. A path that may match several gives an array. Failure: States.Runtime with the
  // service's wording where a reference names nothing.
  Outcome<json::Value> read(const Scope& scope) const;
  // Nothing where the path names nothing; for IsPresent.
  bool is_present(const Scope& scope) const;
  // `root` with `inserted` at this path, objects made on the way. REQUIRES: is_reference().
  // Failure: States.ResultPathMatchFailure.
  Outcome<json::Value> write(const json::Value& root, const json::Value& inserted) const;

 private:
  struct Steps;
  Path(std::string text, std::unique_ptr<const Steps> steps);
  std::string text_;
  std::unique_ptr<const Steps> steps_;
};

}  // namespace pawl::asl
