#include <string>
#include <vector>

#include "asl/choice/rule.h"
#include "base/text.h"
#include "base/time.h"

namespace pawl::asl::choice {
namespace {

using json::Value;

Failure invalid_value(const Path& path) {
  return {"States.Runtime",
          concat("Invalid path '", path.text(),
                 "': The choice state's condition path references an invalid value.")};
}

std::optional<Instant> instant(const Value& value) {
  return value.is_string() ? parse_instant(value.string()) : std::nullopt;
}

template <typename Comparable>
bool relates(const Comparable& left, Relation relation, const Comparable& right) {
  switch (relation) {
    case Relation::equal:
      return left == right;
    case Relation::less:
      return left < right;
    case Relation::greater:
      return left > right;
    case Relation::less_equal:
      return left <= right;
    case Relation::greater_equal:
      return left >= right;
    case Relation::matches:
      return false;
  }
  return false;
}

// Whether a value is of the kind that an operator compares.
bool is_of(Kind kind, const Value& value) {
  switch (kind) {
    case Kind::text:
      return value.is_string();
    case Kind::number:
      return value.is_number();
    case Kind::boolean:
      return value.is_boolean();
    case Kind::timestamp:
      return instant(value).has_value();
  }
  return false;
}

bool relates_numbers(const Value& left, Relation relation, const Value& right) {
  if (left.is_integer() && right.is_integer())
    return relates(left.integer(), relation, right.integer());
  return relates(left.real(), relation, right.real());
}

// A value of another kind is neither equal, nor less, nor greater.
bool compare(const Comparison& comparison, const Value& value, const Value& operand) {
  const Relation relation = comparison.relation;
  if (!is_of(comparison.kind, value) || !is_of(comparison.kind, operand)) return false;
  switch (comparison.kind) {
    case Kind::text:
      if (relation == Relation::matches) return matches(value.string(), operand.string());
      return relates(value.string(), relation, operand.string());
    case Kind::number:
      return relates_numbers(value, relation, operand);
    case Kind::boolean:
      return value.boolean() == operand.boolean();
    case Kind::timestamp:
      return relates(*instant(value), relation, *instant(operand));
  }
  return false;
}

bool answer(Question question, const Value& value) {
  switch (question) {
    case Question::is_null:
      return value.is_null();
    case Question::is_present:
      return true;
    case Question::is_numeric:
      return value.is_number();
    case Question::is_string:
      return value.is_string();
    case Question::is_boolean:
      return value.is_boolean();
    case Question::is_timestamp:
      return instant(value).has_value();
  }
  return false;
}

Outcome<bool> holds_single(const Single& single, const Scope& scope) {
  const auto* test = std::get_if<Test>(&single.what);
  if (test != nullptr && test->question == Question::is_present)
    return single.variable.is_present(scope) == test->wanted;
  const auto value = single.variable.read(scope);
  if (!value) return invalid_value(single.variable);
  if (test != nullptr) return answer(test->question, *value) == test->wanted;
  const Comparison& comparison = std::get<Comparison>(single.what);
  if (const auto* literal = std::get_if<Value>(&comparison.operand))
    return compare(comparison, *value, *literal);
  const Path& path = std::get<Path>(comparison.operand);
  const auto operand = path.read(scope);
  if (!operand) return invalid_value(path);
  return compare(comparison, *value, *operand);
}

}  // namespace

Outcome<bool> holds(const Rule& rule, const Scope& scope) {
  if (rule.form == Rule::Form::single) return holds_single(*rule.single, scope);
  if (rule.form == Rule::Form::negation) return !TRY(holds(rule.parts.front(), scope));
  const bool decisive = rule.form == Rule::Form::any;
  for (const Rule& part : rule.parts)
    if (TRY(holds(part, scope)) == decisive) return decisive;
  return !decisive;
}

namespace {

// What stands between the wildcards of the pattern, in order; "\\*" and "\\\\" stand for
// themselves.
std::vector<std::string> literals_of(std::string_view pattern) {
  std::vector<std::string> literals(1);
  for (size_t at = 0; at < pattern.size(); ++at) {
    const bool is_escape = pattern[at] == '\\' && at + 1 < pattern.size() &&
                           (pattern[at + 1] == '*' || pattern[at + 1] == '\\');
    if (is_escape) {
      literals.back() += pattern[++at];
    } else if (pattern[at] == '*') {
      literals.emplace_back();
    } else {
      literals.back() += pattern[at];
    }
  }
  return literals;
}

}  // namespace

// The first and the last literal stand at the ends; of the others each is taken where it is found
// first, which leaves the most to those behind it.
bool matches(std::string_view text, std::string_view pattern) {
  const auto literals = literals_of(pattern);
  if (literals.size() == 1) return text == literals.front();
  const std::string &first = literals.front(), &last = literals.back();
  if (text.size() < first.size() + last.size()) return false;
  if (!text.starts_with(first) || !text.ends_with(last)) return false;
  text = text.substr(first.size(), text.size() - first.size() - last.size());
  for (size_t i = 1; i + 1 < literals.size(); ++i) {
    const size_t found = find_text(text, literals[i]);
    if (found == text.npos) return false;
    text.remove_prefix(found + literals[i].size());
  }
  return true;
}

}  // namespace pawl::asl::choice
