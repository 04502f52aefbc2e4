#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/functions/call.h"
#include "asl/jsonata/functions/families.h"

namespace pawl::asl::jsonata {
namespace {

Answer append_arrays(Call& call) {
  const auto size = [&](size_t index) { return call[index].is_array() ? call[index].size() : 1; };
  TRY(call.run.may_take((size(0) + size(1)) * sizeof(Item)));
  return append(call.heap(), call[0], call[1]);
}

Answer reverse(Call& call) {
  if (!call.has(0) || call[0].size() <= 1) return call[0];
  auto reversed = make_list(call.heap());
  for (size_t at = call[0].size(); at-- > 0;) reversed->push(call[0].at(at));
  return reversed;
}

Answer shuffle(Call& call) {
  if (!call.has(0) || call[0].size() <= 1) return call[0];
  auto shuffled = make_list(call.heap());
  for (size_t at = 0; at < call[0].size(); ++at) shuffled->push(call[0].at(at));
  for (size_t at = shuffled->size(); at > 1; --at)
    std::swap(shuffled->items[at - 1], shuffled->items[call.run.random() % at]);
  return shuffled;
}

// Elements with one key may be equal; with different ones they are not.
std::string rough_key(const Item& item) {
  switch (item.kind()) {
    case Item::Kind::string:
      return "s" + std::string(item.text());
    case Item::Kind::number:
    case Item::Kind::whole:
      return "n" + std::to_string(item.number());
    case Item::Kind::boolean:
      return item.is_true() ? "t" : "f";
    case Item::Kind::array:
      return "a" + std::to_string(item.size()) + (item.size() > 0 ? rough_key(item.at(0)) : "");
    case Item::Kind::object: {
      // The order of the members says nothing.
      std::string least;
      for (size_t at = 0; at < item.size(); ++at) {
        const Item value = item.value_at(at);
        std::string key(item.key_at(at).text());
        if (!value.is_object() && !value.is_array()) key += rough_key(value);
        if (at == 0 || key < least) least = std::move(key);
      }
      return "o" + std::to_string(item.size()) + least;
    }
    default:
      return "?";
  }
}

Answer distinct(Call& call) {
  const Item& array = call[0];
  if (!array.is_array() || array.size() <= 1) return array;
  const List* own = array.list();
  auto kept =
      own != nullptr && own->is_sequence ? make_sequence(call.heap()) : make_list(call.heap());
  std::unordered_map<std::string, std::vector<size_t>> places;
  for (size_t at = 0; at < array.size(); ++at) {
    const Item element = array.at(at);
    TRY(call.run.count_text(element));
    auto& alike = places[rough_key(element)];
    int64_t looked_at = 1;
    const bool is_known = std::any_of(alike.begin(), alike.end(), [&](size_t place) {
      return is_equal(element, kept->items[place], looked_at);
    });
    TRY(call.run.count_steps(looked_at));
    if (is_known) continue;
    alike.push_back(kept->size());
    kept->push(element);
  }
  return kept;
}

Answer zip(Call& call) {
  size_t size = SIZE_MAX;
  for (const Item& array : call.arguments)
    size = std::min(size, array.is_array() ? array.size() : 0);
  auto rows = make_list(call.heap());
  for (size_t at = 0; !call.arguments.empty() && at < size; ++at) {
    auto row = make_list(call.heap());
    for (const Item& array : call.arguments) row->push(array.at(at));
    rows->push(std::move(row));
  }
  return rows;
}

}  // namespace

std::span<const FunctionRow> array_functions() {
  static constexpr FunctionRow rows[] = {
      {"append", "<xx:a>", 2, append_arrays},
      {"reverse", "<a:a>", 1, reverse},
      {"shuffle", "<a:a>", 1, shuffle},
      {"distinct", "<x:x>", 1, distinct},
      {"zip", "<a+>", 0, zip},
  };
  return rows;
}

}  // namespace pawl::asl::jsonata
