#include <algorithm>
#include <limits>

#include "asl/jsonata/functions/call.h"
#include "asl/jsonata/functions/families.h"
#include "asl/jsonata/value/elements.h"

namespace pawl::asl::jsonata {
namespace {

Result<bool, Failed> count_elements(const Call& call) {
  return call.run.count_steps(static_cast<int64_t>(call[0].size()));
}

double total(const Item& numbers) {
  double sum = 0;
  const Elements elements(numbers);
  for (size_t at = 0; at < elements.size(); ++at) sum += elements[at].number();
  return sum;
}

Answer sum(Call& call) {
  if (!call.has(0)) return Item();
  TRY(count_elements(call));
  return total(call[0]);
}

Answer count(Call& call) { return call.has(0) ? static_cast<double>(call[0].size()) : 0.0; }

Answer max(Call& call) {
  if (!call.has(0) || call[0].size() == 0) return Item();
  TRY(count_elements(call));
  double most = -std::numeric_limits<double>::infinity();
  for (size_t at = 0; at < call[0].size(); ++at) most = std::max(most, call[0].at(at).number());
  return most;
}

Answer min(Call& call) {
  if (!call.has(0) || call[0].size() == 0) return Item();
  TRY(count_elements(call));
  double least = std::numeric_limits<double>::infinity();
  for (size_t at = 0; at < call[0].size(); ++at) least = std::min(least, call[0].at(at).number());
  return least;
}

Answer average(Call& call) {
  if (!call.has(0) || call[0].size() == 0) return Item();
  TRY(count_elements(call));
  return total(call[0]) / static_cast<double>(call[0].size());
}

}  // namespace

std::span<const FunctionRow> aggregate_functions() {
  static constexpr FunctionRow rows[] = {
      {"sum", "<a<n>:n>", 1, sum}, {"count", "<a:n>", 1, count},        {"max", "<a<n>:n>", 1, max},
      {"min", "<a<n>:n>", 1, min}, {"average", "<a<n>:n>", 1, average},
  };
  return rows;
}

}  // namespace pawl::asl::jsonata
