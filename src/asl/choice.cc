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

namespace {

void add_variables(const choice::Rule& rule, std::vector<std::string>& names) {
  for (const auto& part : rule.parts) add_variables(part, names);
  if (!rule.single) return;
  names.emplace_back(rule.single->variable.variable());
  const auto* comparison = std::get_if<choice::Comparison>(&rule.single->what);
  if (const auto* path = comparison ? std::get_if<Path>(&comparison->operand) : nullptr)
    names.emplace_back(path->variable());
}

}  // namespace

std::vector<std::string> Condition::variables() const {
  std::vector<std::string> names;
  add_variables(root_->rule, names);
  names.erase(std::remove(names.begin(), names.end(), ""), names.end());
  return names;
}

Outcome<bool> Condition::holds(const Scope& scope) const {
  return choice::holds(root_->rule, scope);
}

}  // namespace pawl::asl
