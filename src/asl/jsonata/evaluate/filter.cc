#include <cmath>

#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/evaluate/run.h"

namespace pawl::asl::jsonata {
namespace {

// How often the numbers name that place; those below zero count from the end.
size_t times_named(const Item& numbers, size_t place, size_t size) {
  const auto names = [&](const Item& number) {
    double index = std::floor(number.number());
    if (index < 0) index += static_cast<double>(size);
    return index == static_cast<double>(place);
  };
  if (!numbers.is_array()) return names(numbers) ? 1 : 0;
  size_t times = 0;
  for (size_t at = 0; at < numbers.size(); ++at) times += names(numbers.at(at)) ? 1 : 0;
  return times;
}

Ref<List> results_for(Heap& heap, const Item& input) {
  auto results = make_sequence(heap);
  const List* list = input.list();
  results->is_tuple_stream = list != nullptr && list->is_tuple_stream;
  return results;
}

}  // namespace

Answer Run::filter(const Node& predicate, const Item& input, Frame* frame) {
  auto results = results_for(heap_, input);
  const bool is_list = input.is_array();
  const size_t size = is_list ? input.size() : 1;
  const auto element = [&](size_t at) { return is_list ? input.at(at) : input; };
  if (predicate.kind == NodeKind::literal && predicate.value.is_number()) {
    double index = std::floor(predicate.value.real());
    if (index < 0) index += static_cast<double>(size);
    if (index < 0 || index >= static_cast<double>(size)) return results;
    Item found = element(static_cast<size_t>(index));
    if (found.is_array()) return found;
    if (!found.is_undefined()) results->push(std::move(found));
    return results;
  }
  for (size_t at = 0; at < size; ++at) {
    Item item = element(at);
    Frame* tuple = item.is_tuple() ? item.frame() : nullptr;
    const Item found = TRY(evaluate(predicate, tuple != nullptr ? tuple->value : item,
                                    tuple != nullptr ? tuple : frame));
    const bool is_index = found.is_number() || (found.is_array() && are_numbers(found));
    if (found.is_array()) TRY(count_steps(static_cast<int64_t>(found.size())));
    size_t times = is_index ? times_named(found, at, size) : TRY(holds(found)) ? 1 : 0;
    for (; times > 0; --times) results->push(item);
  }
  return results;
}

}  // namespace pawl::asl::jsonata
