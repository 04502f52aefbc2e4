#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "asl/parse.h"
#include "base/error.h"

namespace pawl::asl::parse {

// What is found wrong with a definition, in the order in which it is found.
class Findings {
 public:
  void add(Diagnostic diagnostic);

  // With the code that most findings have, SCHEMA_VALIDATION_FAILED.
  void schema(std::string_view location, std::string message);
  // What the language has and this program has not.
  void unsupported(std::string_view location, std::string message);
  // What is wrong with an expression at the location, or deeper in the value there.
  void add(std::string_view location, std::string_view place, const QueryProblem& problem);
  // An error of a compiler of paths, templates or rules; `deeper` is where in the value it is.
  void add(std::string_view location, const Error& error, std::string_view deeper = "");

  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  bool has_errors() const;
  // Fills in line and column, and gives the findings away.
  std::vector<Diagnostic> located_in(std::string_view text) &&;

 private:
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace pawl::asl::parse
