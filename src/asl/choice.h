#pragma once

#include <memory>
#include <string>
#include <vector>

#include "asl/failure.h"
#include "asl/scope.h"
#include "json/value.h"

namespace pawl::asl {

// A compiled Choice Rule: a comparison, or And, Or, Not of rules.
class Condition {
 public:
  // The members Next, Assign and Comment of the rule are the caller's. Error: invalid_argument; the
  // message says what is wrong with the rule.
  static Result<Condition> compile(const json::Value& rule);

  Condition(Condition&&) noexcept;
  Condition& operator=(Condition&&) noexcept;
  ~Condition();

  // Failure: States.Runtime where Variable names nothing (except under IsPresent).
  Outcome<bool> holds(const Scope& scope) const;

  // The variables it reads, in no order, some perhaps twice.
  std::vector<std::string> variables() const;

 private:
  struct Node;
  explicit Condition(std::unique_ptr<const Node> root);
  std::unique_ptr<const Node> root_;
};

}  // namespace pawl::asl
