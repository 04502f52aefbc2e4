#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "asl/failure.h"
#include "asl/jsonata/jsonata.h"
#include "asl/scope.h"
#include "base/result.h"
#include "json/value.h"

namespace pawl::asl {

// What one expression may hold at once.
constexpr size_t expression_bytes_max = 64 << 20;

// What is wrong with an expression of a definition, in JSONata's words.
struct QueryProblem {
  std::string field;    // "Output/total[0]"
  std::string message;  // without JSONata's code, as the service has it
  size_t position = 0;  // in the text, the signs around the expression counted
  std::string_view code = "INVALID_JSONATA_EXPRESSION";
};

// One JSONata expression of a definition, "{% $states.input.total * 2 %}", and the field that it
// gives a value to.
class Query {
 public:
  // Whether a text is an expression rather than itself.
  static bool is_expression(std::string_view text);

  // `field` names the place in the state, "Output/total".
  static Result<Query, QueryProblem> compile(std::string field, std::string_view text);

  // Failure: States.QueryEvaluationError, where the expression gives nothing, too.
  Outcome<json::Value> evaluate(const Scope& scope) const;
  // … and where the value is not of the kind, "array" or "number", that the field needs.
  Outcome<json::Value> evaluate_as(std::string_view kind, const Scope& scope) const;

  const std::string& field() const { return field_; }
  const std::string& text() const { return text_; }
  // The variables it reads, "$states" left out, sorted.
  std::vector<std::string> variables() const;
  // What it reads that an expression of a state can not see: there is no input but "$states.input".
  std::vector<QueryProblem> unsupported() const;

 private:
  Query(std::string field, std::string_view between, jsonata::Expression expression);

  jsonata::Bindings bindings(const Scope& scope) const;
  Failure failure(const jsonata::Problem& problem, const Budget& budget) const;
  Failure failure(std::string_view trouble) const;

  std::string field_;
  std::string text_;  // without the signs around it
  jsonata::Expression expression_;
  std::vector<std::string> references_;
  std::vector<std::string> functions_;
  size_t text_offset_;  // in what was written, the signs included
  bool reads_context_ = false;
};

// The kind of a value in JSONata's words.
std::string_view kind_of(const json::Value& value);

}  // namespace pawl::asl
