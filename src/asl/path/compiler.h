#pragma once

#include <string>
#include <string_view>

#include "asl/path/expression.h"

namespace pawl::asl::path {

// Reads a path from left to right.
//
//   path     = ( "$" | "$$" | "@" | "$" variable ) *step [ "." function "()" ]
//   step     = ( "." | ".." ) name | [ ".." ] "[" selector "]"
//   selector = "*" | names | numbers | slice | "?(" predicate ")"
class Compiler {
 public:
  explicit Compiler(std::string_view text) : text_(text) {}

  Result<Expression> whole();

 private:
  // compile.cc
  Result<Expression> expression();
  Result<void> root(Expression& expression);
  Result<void> step(Expression& expression);
  Result<void> dotted(Expression& expression);
  Result<void> function(std::string_view name, Expression& expression);
  Result<Step> bracketed();
  Result<Step> selector();
  Result<Step> names();
  Result<Step> numbers();
  Result<Step> filter();
  Result<std::string> quoted();
  Result<std::string> escape();
  std::string_view bare_name();
  std::optional<int64_t> integer();

  // compile_filter.cc
  Result<Predicate> any();
  Result<Predicate> all();
  Result<Predicate> unary();
  Result<Predicate> comparison();
  Result<Operand> operand();
  Result<json::Value> literal();
  Result<json::Value> list();
  Result<json::Value> word();
  std::optional<Comparator> comparator();

  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool take(std::string_view token);
  void skip_blanks();
  Error error(std::string_view what) const;

  std::string_view text_;
  size_t at_ = 0;
  int filter_depth_ = 0;  // names end earlier inside a filter, and filters must not nest for ever
};

}  // namespace pawl::asl::path
