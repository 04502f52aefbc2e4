#pragma once

#include <memory>

#include "asl/failure.h"
#include "asl/scope.h"
#include "base/result.h"
#include "json/value.h"

namespace pawl::asl {

// A compiled payload template (Parameters, ResultSelector, ItemSelector): members whose name ends
// in ".$" are paths or intrinsic functions, everything else stands for itself.
class Template {
 public:
  // Error: invalid_argument; the message names the member.
  static Result<Template> compile(const json::Value& value);

  Template(Template&&) noexcept;
  Template& operator=(Template&&) noexcept;
  ~Template();

  // Failure: States.ParameterPathFailure, States.IntrinsicFailure or States.Runtime, in the
  // service's words.
  Outcome<json::Value> evaluate(const Scope& scope) const;

 private:
  struct Node;
  explicit Template(std::unique_ptr<const Node> root);
  std::unique_ptr<const Node> root_;
};

}  // namespace pawl::asl
