#include <algorithm>

#include "asl/path/expression.h"

namespace pawl::asl::path {
namespace {

using json::Value;

// Nothing where a path names nothing.
std::optional<Value> resolve(const Operand& operand, const Roots& roots) {
  if (const auto* value = std::get_if<Value>(&operand)) return *value;
  return read(std::get<Expression>(operand), roots).value;
}

bool contains(const Value& list, const Value& element) {
  if (list.is_string() && element.is_string())
    return list.string().find(element.string()) != std::string_view::npos;
  if (!list.is_array()) return false;
  const auto elements = list.elements();
  return std::find(elements.begin(), elements.end(), element) != elements.end();
}

// Only numbers with numbers and texts with texts have an order; false for all others.
template <typename Order>
bool ordered(const Value& left, const Value& right, Order order) {
  if (left.is_number() && right.is_number()) return order(left.real(), right.real());
  if (left.is_string() && right.is_string()) return order(left.string(), right.string());
  return false;
}

bool compare(Comparator comparator, const Value& left, const Value& right) {
  switch (comparator) {
    case Comparator::equal:
      return left == right;
    case Comparator::not_equal:
      return !(left == right);
    case Comparator::less:
      return ordered(left, right, std::less<>());
    case Comparator::less_equal:
      return ordered(left, right, std::less_equal<>());
    case Comparator::greater:
      return ordered(left, right, std::greater<>());
    case Comparator::greater_equal:
      return ordered(left, right, std::greater_equal<>());
    case Comparator::in:
      return right.is_array() && contains(right, left);
    case Comparator::not_in:
      return !(right.is_array() && contains(right, left));
    case Comparator::contains:
      return contains(left, right);
    case Comparator::size:
      return (left.is_array() || left.is_string()) && right == Value(left.size());
  }
  return false;
}

bool holds_comparison(const Predicate& predicate, const Roots& roots) {
  const auto left = resolve(predicate.left, roots);
  const auto right = resolve(predicate.right, roots);
  if (left && right) return compare(predicate.comparator, *left, *right);
  if (predicate.comparator == Comparator::equal) return !left && !right;
  return (predicate.comparator == Comparator::not_equal && (left || right)) ||
         predicate.comparator == Comparator::not_in;
}

double total(std::span<const Value> numbers) {
  double sum = 0;
  for (const Value& number : numbers)
    if (number.is_number()) sum += number.real();
  return sum;
}

Value extreme(std::span<const Value> values, bool wants_largest) {
  const Value* best = nullptr;
  for (const Value& value : values) {
    if (!value.is_number()) continue;
    if (best == nullptr || (value.real() > best->real()) == wants_largest) best = &value;
  }
  return best == nullptr ? Value() : *best;
}

Value keys(const Value& value) {
  if (!value.is_object()) return Value();
  Value::Array names;
  for (const auto& member : value.members()) names.push_back(member.name);
  return names;
}

}  // namespace

bool holds(const Predicate& predicate, const Roots& roots) {
  const auto part_holds = [&roots](const Predicate& part) { return holds(part, roots); };
  switch (predicate.kind) {
    case Predicate::Kind::any:
      return std::any_of(predicate.parts.begin(), predicate.parts.end(), part_holds);
    case Predicate::Kind::all:
      return std::all_of(predicate.parts.begin(), predicate.parts.end(), part_holds);
    case Predicate::Kind::negation:
      return !holds(predicate.parts.front(), roots);
    case Predicate::Kind::existence:
      break;
    case Predicate::Kind::comparison:
      return holds_comparison(predicate, roots);
  }
  const auto value = resolve(predicate.left, roots);
  if (std::holds_alternative<Value>(predicate.left)) return *value == Value(true);
  return value.has_value();
}

Value apply(Function function, const Value& value) {
  if (function == Function::keys) return keys(value);
  if (function == Function::length)
    return value.is_string() || value.is_array() || value.is_object() ? Value(value.size())
                                                                      : Value();
  if (!value.is_array() || value.size() == 0) return Value();
  const auto elements = value.elements();
  switch (function) {
    case Function::min:
      return extreme(elements, false);
    case Function::max:
      return extreme(elements, true);
    case Function::sum:
      return total(elements);
    case Function::average:
      return total(elements) / static_cast<double>(elements.size());
    case Function::first:
      return elements.front();
    default:
      return elements.back();
  }
}

}  // namespace pawl::asl::path
