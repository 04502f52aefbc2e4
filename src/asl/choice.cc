#include "asl/choice.h"

#include <algorithm>

#include "asl/choice/rule.h"
#include "base/text.h"

namespace pawl::asl {

struct Condition::Node {
  choice::Rule rule;
};

Condition::Condition(std::unique_ptr<const Node> root) : root_(std::move(root)) {}
Condition::Condition(Condition&&) noexcept = default;
Condition& Condition::operator=(Condition&&) noexcept = default;
Condition::~Condition() = default;

Result<Condition> Condition::compile(const json::Value& rule) {
  return Condition(std::make_unique<const Node>(Node{TRY(choice::compile(rule))}));
}

Outcome<bool> Condition::holds(const Scope& scope) const {
  return choice::holds(root_->rule, scope);
}

}  // namespace pawl::asl
