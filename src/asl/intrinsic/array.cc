#include <algorithm>
#include <unordered_map>

#include "asl/intrinsic/call.h"
#include "base/text.h"
#include "json/digest.h"

namespace pawl::asl::intrinsic {
namespace {

using json::Value;

constexpr int64_t range_length_max = 1000;  // The service's limit.

std::string no_array(std::string_view which) {
  return concat("Invalid arguments: the ", which, " argument must be an array");
}

bool contains(std::span<const Value> values, const Value& wanted) {
  return std::find(values.begin(), values.end(), wanted) != values.end();
}

}  // namespace

Answer array(Arguments arguments, Entropy&) {
  return Value(Value::Array(arguments.begin(), arguments.end()));
}

Answer array_partition(Arguments arguments, Entropy&) {
  if (!arguments[0].is_array()) return no_array("first");
  const int64_t length = TRY(rounded(arguments[1]));
  if (length < 1) return std::string("Invalid arguments: the chunk size must be positive");
  const auto elements = arguments[0].elements();
  Value::Array chunks;
  for (size_t at = 0; at < elements.size();) {
    const size_t count = std::min<size_t>(static_cast<size_t>(length), elements.size() - at);
    const auto chunk = elements.subspan(at, count);
    chunks.emplace_back(Value::Array(chunk.begin(), chunk.end()));
    at += count;
  }
  return Value(std::move(chunks));
}

Answer array_contains(Arguments arguments, Entropy&) {
  if (!arguments[0].is_array()) return no_array("first");
  return Value(contains(arguments[0].elements(), arguments[1]));
}

Answer array_range(Arguments arguments, Entropy&) {
  const int64_t first = TRY(rounded(arguments[0]));
  const int64_t last = TRY(rounded(arguments[1]));
  const int64_t step = TRY(rounded(arguments[2]));
  if (step == 0) return std::string("Invalid arguments: the increment must not be zero");
  Value::Array numbers;
  for (int64_t number = first; step > 0 ? number <= last : number >= last; number += step) {
    if (static_cast<int64_t>(numbers.size()) == range_length_max)
      return concat("The range must not have more than ", range_length_max, " elements");
    numbers.emplace_back(number);
  }
  return Value(std::move(numbers));
}

Answer array_get_item(Arguments arguments, Entropy&) {
  if (!arguments[0].is_array()) return no_array("first");
  const int64_t index = TRY(rounded(arguments[1]));
  if (index < 0 || static_cast<size_t>(index) >= arguments[0].size())
    return concat("Index ", index, " is out of bounds for an array of ", arguments[0].size(),
                  " elements");
  return arguments[0].elements()[static_cast<size_t>(index)];
}

Answer array_length(Arguments arguments, Entropy&) {
  if (!arguments[0].is_array()) return no_array("only");
  return Value(arguments[0].size());
}

Answer array_unique(Arguments arguments, Entropy&) {
  if (!arguments[0].is_array()) return no_array("only");
  Value::Array unique;
  json::Digest digest;
  std::unordered_multimap<size_t, const Value*> known;
  for (const Value& element : arguments[0].elements()) {
    const size_t number = digest(element);
    const auto [first, last] = known.equal_range(number);
    if (std::any_of(first, last, [&](const auto& one) { return *one.second == element; })) continue;
    known.emplace(number, &element);
    unique.push_back(element);
  }
  return Value(std::move(unique));
}

}  // namespace pawl::asl::intrinsic
