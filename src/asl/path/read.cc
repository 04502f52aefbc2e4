#include <algorithm>

#include "asl/path/expression.h"
#include "base/text.h"

namespace pawl::asl::path {
namespace {

using json::Value;
using Values = std::vector<const Value*>;

// "$..*..*" over a large document would give more values than memory holds.
constexpr size_t values_max = 1'000'000;
// And "$[?(@.a in $..a)]" would look at all of it for each of its elements.
constexpr size_t looked_at_max = 4'000'000;

std::optional<size_t> position(int64_t number, size_t size) {
  const auto count = static_cast<int64_t>(size);
  if (number < 0) number += count;
  if (number < 0 || number >= count) return std::nullopt;
  return static_cast<size_t>(number);
}

void add_beneath(const Value& value, Values& out) {
  if (out.size() > values_max) return;
  out.push_back(&value);
  if (value.is_array())
    for (const Value& element : value.elements()) add_beneath(element, out);
  if (value.is_object())
    for (const auto& member : value.members()) add_beneath(member.value, out);
}

// What one step selects in one value.
struct Selection {
  const Value& value;
  const Roots& roots;
  Values& out;

  void operator()(const Members& members) const {
    for (const auto& name : members.names)
      if (const Value* member = value.find(name)) out.push_back(member);
  }

  void operator()(const Indexes& indexes) const {
    if (!value.is_array()) return;
    for (const int64_t number : indexes.numbers)
      if (const auto at = position(number, value.size())) out.push_back(&value.elements()[*at]);
  }

  void operator()(const Slice& slice) const {
    if (!value.is_array()) return;
    const auto size = static_cast<int64_t>(value.size());
    const auto bound = [size](int64_t number) {
      return std::clamp<int64_t>(number < 0 ? number + size : number, 0, size);
    };
    const int64_t end = bound(slice.end.value_or(size));
    for (int64_t at = bound(slice.begin.value_or(0)); at < end;) {
      out.push_back(&value.elements()[static_cast<size_t>(at)]);
      if (slice.stride >= end - at) break;
      at += slice.stride;
    }
  }

  void operator()(const Everything&) const {
    if (value.is_array())
      for (const Value& element : value.elements()) out.push_back(&element);
    if (value.is_object())
      for (const auto& member : value.members()) out.push_back(&member.value);
  }

  void operator()(const Descend&) const { add_beneath(value, out); }

  // An array is filtered; an object is taken or left whole.
  void operator()(const Filter& filter) const {
    if (!value.is_array()) {
      if (value.is_object()) add_if(filter, value);
      return;
    }
    for (const Value& element : value.elements()) add_if(filter, element);
  }

  void add_if(const Filter& filter, const Value& candidate) const {
    if (++*roots.looked_at > looked_at_max) return;
    Roots within = roots;
    within.current = &candidate;
    if (holds(*filter.predicate, within)) out.push_back(&candidate);
  }
};

const Value* start(const Expression& expression, const Roots& roots) {
  switch (expression.root) {
    case Root::input:
      return roots.input;
    case Root::context:
      return roots.context;
    case Root::current:
      return roots.current;
    case Root::variable:
      return roots.variables == nullptr ? nullptr : roots.variables->find(expression.variable);
  }
  return nullptr;
}

std::string step_text(const Step& step) {
  if (const auto* members = std::get_if<Members>(&step))
    return concat("['", join(members->names, "','"), "']");
  if (const auto* indexes = std::get_if<Indexes>(&step))
    return concat("[", indexes->numbers.front(), "]");
  return "[*]";
}

// Why the definite step numbered `failed` found nothing in `value`.
std::string trouble(const Expression& expression, size_t failed, const Value& value) {
  std::string before = "$";
  for (size_t at = 0; at < failed; ++at) before += step_text(expression.steps[at]);
  const Step& step = expression.steps[failed];
  const std::string here = concat(before, step_text(step));
  if (std::holds_alternative<Members>(step) && !value.is_object())
    return concat("Expected to find an object with property ", step_text(step), " in path ", before,
                  " but found '", json::name(value.kind()), "'");
  if (std::holds_alternative<Indexes>(step) && !value.is_array())
    return concat("Expected to find an array in path ", before, " but found '",
                  json::name(value.kind()), "'");
  if (failed + 1 < expression.steps.size()) return concat("Missing property in path ", here);
  return concat("No results for path: ", here);
}

Reading finished(const Expression& expression, const Values& values) {
  Value value;
  if (expression.is_definite) {
    value = *values.front();
  } else {
    Value::Array elements;
    elements.reserve(values.size());
    for (const Value* found : values) elements.push_back(*found);
    value = std::move(elements);
  }
  if (expression.function) value = apply(*expression.function, value);
  return {std::move(value), {}};
}

}  // namespace

// A definite path must lead somewhere; any other gives what it finds, if only an empty array.
Reading read(const Expression& expression, const Roots& roots) {
  Values values{start(expression, roots)};
  if (values.front() == nullptr)
    return {std::nullopt, concat("The variable $", expression.variable, " has no value")};
  for (size_t at = 0; at < expression.steps.size(); ++at) {
    const Step& step = expression.steps[at];
    Values next;
    for (const Value* value : values) {
      const size_t before = next.size();
      if (*roots.looked_at <= looked_at_max) std::visit(Selection{*value, roots, next}, step);
      *roots.looked_at += next.size() - before + 1;
      if (next.size() > values_max || *roots.looked_at > looked_at_max)
        return {std::nullopt, "The path refers to too many values"};
    }
    if (expression.is_definite && next.empty())
      return {std::nullopt, trouble(expression, at, *values.front())};
    values = std::move(next);
  }
  return finished(expression, values);
}

}  // namespace pawl::asl::path
