#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "asl/failure.h"
#include "asl/query.h"
#include "asl/scope.h"
#include "base/result.h"
#include "json/value.h"

namespace pawl::asl {

// What is wrong with a member of a payload template in JSONPath.
struct TemplateProblem {
  std::string place;  // in the template, "/rows[0]/id.$"
  Error error;        // invalid_argument; the message names the member
};

// A compiled payload template. In JSONPath (Parameters, ResultSelector, ItemSelector) members whose
// name ends in ".$" are paths or intrinsic functions; in JSONata (Arguments, Output, Items) texts
// within "{% %}" are expressions. Everything else stands for itself.
class Template {
 public:
  // Error: all that is wrong with it.
  static Result<Template, std::vector<TemplateProblem>> compile(const json::Value& value);

  // In JSONata; `field` names the place in the state.
  static Result<Template, std::vector<QueryProblem>> compile_jsonata(std::string_view field,
                                                                     const json::Value& value);

  // One path or intrinsic function that stands alone, as in ErrorPath; `field` names it in
  // messages.
  static Result<Template> compile_expression(std::string_view field, std::string_view text);

  Template(Template&&) noexcept;
  Template& operator=(Template&&) noexcept;
  ~Template();

  // Failure: States.IntrinsicFailure, or States.Runtime where a path names nothing, or
  // States.QueryEvaluationError, in the service's words.
  Outcome<json::Value> evaluate(const Scope& scope) const;
  // … and where all of it is one JSONata expression, its value is of the kind ("array", "string").
  Outcome<json::Value> evaluate_as(std::string_view kind, const Scope& scope) const;

  // The variables it reads, in no order, some perhaps twice.
  std::vector<std::string> variables() const;

 private:
  struct Node;
  explicit Template(std::unique_ptr<const Node> root);
  std::unique_ptr<const Node> root_;
};

}  // namespace pawl::asl
