#include "asl/jsonata/evaluate/merge_sort.h"

#include <numeric>
#include <span>

namespace pawl::asl::jsonata {
namespace {

Result<bool, Failed> sort(std::span<uint32_t> places, const IsBehind& is_behind) {
  if (places.size() <= 1) return true;
  const size_t middle = places.size() / 2;
  TRY(sort(places.first(middle), is_behind));
  TRY(sort(places.subspan(middle), is_behind));
  std::vector<uint32_t> merged;
  merged.reserve(places.size());
  size_t left = 0, right = middle;
  while (left < middle && right < places.size()) {
    const bool takes_right = TRY(is_behind(places[left], places[right]));
    merged.push_back(takes_right ? places[right++] : places[left++]);
  }
  while (left < middle) merged.push_back(places[left++]);
  while (right < places.size()) merged.push_back(places[right++]);
  std::copy(merged.begin(), merged.end(), places.begin());
  return true;
}

}  // namespace

Result<std::vector<uint32_t>, Failed> merge_sort(size_t count, const IsBehind& is_behind) {
  std::vector<uint32_t> places(count);
  std::iota(places.begin(), places.end(), 0);
  TRY(sort(places, is_behind));
  return places;
}

}  // namespace pawl::asl::jsonata
