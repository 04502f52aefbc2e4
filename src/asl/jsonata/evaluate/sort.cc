#include "asl/jsonata/evaluate/merge_sort.h"
#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/evaluate/run.h"
#include "asl/jsonata/text/utf8.h"

namespace pawl::asl::jsonata {
namespace {

bool is_sortable(const Item& item) { return item.is_string() || item.is_number(); }

// -1, 0, 1; what has no value comes last, whichever way the order goes.
Result<int, Fault> compare_keys(const Item& left, const Item& right, bool is_descending) {
  if (left.is_undefined() || right.is_undefined())
    return left.is_undefined() == right.is_undefined() ? 0 : left.is_undefined() ? 1 : -1;
  if (!is_sortable(left) || !is_sortable(right))
    return Fault("T2008").with("value", shown(is_sortable(left) ? right : left));
  if (left.is_string() != right.is_string())
    return Fault("T2007").with("value", shown(left)).with("value2", shown(right));
  int order = 0;
  if (left.is_string())
    order = compare_texts(left.text(), right.text());
  else if (left.number() != right.number())
    order = left.number() < right.number() ? -1 : 1;
  return is_descending ? -order : order;
}

}  // namespace

Answer Run::sort(const Node& node, const Item& input, Frame* frame) {
  const size_t size = input.size();
  if (size <= 1) return input;
  const auto& terms = node.extras->terms;
  std::vector<Item> keys(size * terms.size(), Item::absent());
  const auto key = [&](size_t place, size_t term) -> Answer {
    Item& known = keys[place * terms.size() + term];
    if (!known.is_absent()) return known;
    const Item element = input.at(place);
    Frame* tuple = element.is_tuple() ? element.frame() : nullptr;
    known = TRY(evaluate(*terms[term].expression, tuple != nullptr ? tuple->value : element,
                         tuple != nullptr ? tuple : frame));
    return known;
  };
  const auto is_behind = [&](uint32_t left, uint32_t right) -> Result<bool, Failed> {
    TRY(count_steps());
    for (size_t term = 0; term < terms.size(); ++term) {
      const Item left_key = TRY(key(left, term));
      const Item right_key = TRY(key(right, term));
      auto order = compare_keys(left_key, right_key, terms[term].is_descending);
      if (!order) return fail(std::move(order).error().at(node.position));
      if (*order != 0) return *order > 0;
    }
    return false;
  };
  const auto order = TRY(merge_sort(size, is_behind));
  auto sorted = make_list(heap_);
  sorted->reserve(size);
  for (const uint32_t place : order) sorted->push(input.at(place));
  return sorted;
}

}  // namespace pawl::asl::jsonata
