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

// Greedy with one place to go back to, so that no pattern takes more than |text| × |pattern|.
bool matches(std::string_view text, std::string_view pattern) {
  constexpr size_t none = std::string_view::npos;
  size_t at = 0, in_pattern = 0, after_star = none, retry_at = 0;
  while (at < text.size()) {
    const bool is_star = in_pattern < pattern.size() && pattern[in_pattern] == '*';
    if (is_star) {
      after_star = ++in_pattern;
      retry_at = at;
      continue;
    }
    const bool is_escape = in_pattern + 1 < pattern.size() && pattern[in_pattern] == '\\' &&
                           (pattern[in_pattern + 1] == '*' || pattern[in_pattern + 1] == '\\');
    const size_t literal = in_pattern + (is_escape ? 1 : 0);
    if (literal < pattern.size() && pattern[literal] == text[at]) {
      in_pattern = literal + 1;
      ++at;
    } else if (after_star != none) {
      in_pattern = after_star;
      at = ++retry_at;
    } else {
      return false;
    }
  }
  while (in_pattern < pattern.size() && pattern[in_pattern] == '*') ++in_pattern;
  return in_pattern == pattern.size();
}

}  // namespace pawl::asl::choice
