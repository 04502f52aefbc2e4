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

Result<Item, Fault> arithmetic(Operation operation, const Item& left, const Item& right) {
  if (auto fault = number_trouble(left, "T2001")) return *std::move(fault);
  if (auto fault = number_trouble(right, "T2002")) return *std::move(fault);
  if (left.is_undefined() || right.is_undefined()) return Item();
  const double a = left.number(), b = right.number();
  switch (operation) {
    case Operation::add:
      return Item(a + b);
    case Operation::subtract:
      return Item(a - b);
    case Operation::multiply:
      return Item(a * b);
    case Operation::divide:
      return Item(a / b);
    default:
      return Item(std::fmod(a, b));
  }
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

Item equality(Operation operation, const Item& left, const Item& right) {
  if (left.is_undefined() || right.is_undefined()) return Item::boolean(false);
  return Item::boolean(is_equal(left, right) == (operation == Operation::equal));
}

Item membership(const Item& left, const Item& right) {
  if (left.is_undefined() || right.is_undefined()) return Item::boolean(false);
  if (!right.is_array()) return Item::boolean(left.is_same(right));
  for (size_t at = 0; at < right.size(); ++at)
    if (left.is_same(right.at(at))) return Item::boolean(true);
  return Item::boolean(false);
}

Result<Item, Fault> concatenation(Heap& heap, const Item& left, const Item& right) {
  std::string text;
  if (!left.is_undefined()) text = TRY(to_text(left));
  if (right.is_string())
    text += right.text();
  else if (!right.is_undefined())
    text += TRY(to_text(right));
  return make_text(heap, std::move(text));
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
    case Operation::equal:
    case Operation::unequal:
      return equality(operation, left, right);
    case Operation::concatenate:
      return concatenation(heap, left, right);
    case Operation::range:
      return range(heap, left, right);
    case Operation::member_of:
      return membership(left, right);
    default:
      return comparison(operation, left, right);
  }
}

}  // namespace

Answer Run::binary(const Node& node, const Item& input, Frame* frame) {
  const Item left = TRY(evaluate(*node.left, input, frame));
  const Operation operation = node.operation;
  if (operation == Operation::both || operation == Operation::either) {
    if (is_true(left) == (operation == Operation::either))
      return Item::boolean(operation == Operation::either);
    return Item::boolean(is_true(TRY(evaluate(*node.right, input, frame))));
  }
  const Item right = TRY(evaluate(*node.right, input, frame));
  auto result = operate(heap_, operation, left, right);
  if (result) return *std::move(result);
  Fault fault = std::move(result).error();
  fault.settle_position(node.position);
  fault.settle_token(symbol(operation));
  return fail(std::move(fault));
}

}  // namespace pawl::asl::jsonata
