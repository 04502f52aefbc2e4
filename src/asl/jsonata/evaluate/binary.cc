#include <algorithm>
#include <cmath>

#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/evaluate/run.h"
#include "asl/jsonata/text/number_text.h"
#include "asl/jsonata/text/utf8.h"

namespace pawl::asl::jsonata {
namespace {

// Nothing where it is a number that can be counted with.
std::optional<Fault> number_trouble(const Item& item, std::string_view code) {
  if (item.is_undefined()) return std::nullopt;
  if (!item.is_number() || std::isnan(item.number())) return Fault(code).with("value", shown(item));
  if (std::isinf(item.number())) return Fault("D1001").with("value", number_text(item.number()));
  return std::nullopt;
}

// As std::fmod, which is slow.
double remainder(double a, double b) {
  constexpr double exact_max = 9007199254740992.0;
  const bool are_whole = a >= 0 && a <= exact_max && b >= 1 && b <= exact_max &&
                         a == std::trunc(a) && b == std::trunc(b);
  if (!are_whole) return std::fmod(a, b);
  return static_cast<double>(static_cast<int64_t>(a) % static_cast<int64_t>(b));
}

// Of + - * / and, for all others, %.
double calculated(Operation operation, double a, double b) {
  switch (operation) {
    case Operation::add:
      return a + b;
    case Operation::subtract:
      return a - b;
    case Operation::multiply:
      return a * b;
    case Operation::divide:
      return a / b;
    default:
      return remainder(a, b);
  }
}

Result<Item, Fault> arithmetic(Operation operation, const Item& left, const Item& right) {
  if (auto fault = number_trouble(left, "T2001")) return *std::move(fault);
  if (auto fault = number_trouble(right, "T2002")) return *std::move(fault);
  if (left.is_undefined() || right.is_undefined()) return Item();
  return Item(calculated(operation, left.number(), right.number()));
}

bool is_comparable(const Item& item) {
  return item.is_undefined() || item.is_string() || item.is_number();
}

Result<Item, Fault> comparison(Operation operation, const Item& left, const Item& right) {
  if (!is_comparable(left) || !is_comparable(right))
    return Fault("T2010").with("value", shown(is_comparable(left) ? right : left));
  if (left.is_undefined() || right.is_undefined()) return Item();
  if (left.is_string() != right.is_string())
    return Fault("T2009").with("value", shown(left)).with("value2", shown(right));
  // Three-way, with NaN in no order to anything.
  int order = 0;
  if (left.is_string()) {
    order = compare_texts(left.text(), right.text());
  } else {
    const double a = left.number(), b = right.number();
    if (std::isnan(a) || std::isnan(b)) return Item::boolean(false);
    order = a < b ? -1 : a > b ? 1 : 0;
  }
  switch (operation) {
    case Operation::less:
      return Item::boolean(order < 0);
    case Operation::less_or_equal:
      return Item::boolean(order <= 0);
    case Operation::greater:
      return Item::boolean(order > 0);
    default:
      return Item::boolean(order >= 0);
  }
}

Result<Item, Fault> concatenation(Heap& heap, const Item& left, const Item& right) {
  // What is a text already need not become one.
  std::string made[2];
  if (!left.is_string() && !left.is_undefined()) made[0] = TRY(to_text(left));
  if (!right.is_string() && !right.is_undefined()) made[1] = TRY(to_text(right));
  const std::string_view begin = left.is_string() ? left.text() : made[0];
  const std::string_view end = right.is_string() ? right.text() : made[1];
  auto text = make_blank_text(heap, begin.size() + end.size());
  std::copy(end.begin(), end.end(), std::copy(begin.begin(), begin.end(), text->characters()));
  return Item(std::move(text));
}

bool is_whole(const Item& item) {
  return item.is_number() && std::isfinite(item.number()) &&
         item.number() == std::trunc(item.number());
}

Result<Item, Fault> range(Heap& heap, const Item& left, const Item& right) {
  constexpr double size_max = 1e7;
  if (!left.is_undefined() && !is_whole(left)) return Fault("T2003").with("value", shown(left));
  if (!right.is_undefined() && !is_whole(right)) return Fault("T2004").with("value", shown(right));
  if (left.is_undefined() || right.is_undefined()) return Item();
  const double first = left.number(), last = right.number();
  if (first > last) return Item();
  const double size = last - first + 1;
  if (size > size_max) return Fault("D2014").with("value", number_text(size));
  auto list = make_range(heap, first, static_cast<size_t>(size));
  list->is_sequence = true;
  return Item(std::move(list));
}

Result<Item, Fault> operate(Heap& heap, Operation operation, const Item& left, const Item& right) {
  switch (operation) {
    case Operation::add:
    case Operation::subtract:
    case Operation::multiply:
    case Operation::divide:
    case Operation::remainder:
      return arithmetic(operation, left, right);
    case Operation::concatenate:
      return concatenation(heap, left, right);
    case Operation::range:
      return range(heap, left, right);
    default:
      return comparison(operation, left, right);
  }
}

// Of two numbers that can be counted with, the usual case; nothing where it is none.
std::optional<Item> quick(Operation operation, const Item& left, const Item& right) {
  if (!left.is_number() || !right.is_number()) return std::nullopt;
  const double a = left.number(), b = right.number();
  if (!std::isfinite(a) || !std::isfinite(b)) return std::nullopt;
  switch (operation) {
    case Operation::add:
    case Operation::subtract:
    case Operation::multiply:
    case Operation::divide:
    case Operation::remainder:
      return Item(calculated(operation, a, b));
    case Operation::less:
      return Item::boolean(a < b);
    case Operation::less_or_equal:
      return Item::boolean(a <= b);
    case Operation::greater:
      return Item::boolean(a > b);
    case Operation::greater_or_equal:
      return Item::boolean(a >= b);
    default:
      return std::nullopt;
  }
}

}  // namespace

Answer Run::equality(Operation operation, const Item& left, const Item& right) {
  if (left.is_undefined() || right.is_undefined()) return Item::boolean(false);
  return Item::boolean(TRY(are_equal(left, right)) == (operation == Operation::equal));
}

Answer Run::membership(const Item& left, const Item& right) {
  if (left.is_undefined() || right.is_undefined()) return Item::boolean(false);
  if (!right.is_array()) return Item::boolean(left.is_same(right));
  size_t at = 0;
  while (at < right.size() && !left.is_same(right.at(at))) ++at;
  TRY(count_steps(static_cast<int64_t>(at)));
  return Item::boolean(at < right.size());
}

Answer Run::logic(const Node& node, const Item& left, const Item& input, Frame* frame) {
  const bool is_either = node.operation == Operation::either;
  if (TRY(holds(left)) == is_either) return Item::boolean(is_either);
  const Item right = TRY(evaluate(*node.right, input, frame));
  return Item::boolean(TRY(holds(right)));
}

Answer Run::binary(const Node& node, const Item& input, Frame* frame) {
  const Item left = TRY(evaluate(*node.left, input, frame));
  const Operation operation = node.operation;
  if (operation == Operation::both || operation == Operation::either)
    return logic(node, left, input, frame);
  const Item right = TRY(evaluate(*node.right, input, frame));
  if (operation == Operation::equal || operation == Operation::unequal)
    return equality(operation, left, right);
  if (operation == Operation::member_of) return membership(left, right);
  if (auto result = quick(operation, left, right)) return *std::move(result);
  TRY(count_text(left));
  auto result = operate(heap_, operation, left, right);
  if (result) return *std::move(result);
  Fault fault = std::move(result).error();
  fault.settle_position(node.position);
  fault.settle_token(symbol(operation));
  return fail(std::move(fault));
}

}  // namespace pawl::asl::jsonata
