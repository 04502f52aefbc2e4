#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "asl/jsonata/evaluate/answer.h"
#include "base/result.h"

namespace pawl::asl::jsonata {

// Whether the first comes behind the second.
using IsBehind = std::function<Result<bool, Failed>(uint32_t, uint32_t)>;

// The places 0, 1, … `count` in order; equal ones stay as they stand.
Result<std::vector<uint32_t>, Failed> merge_sort(size_t count, const IsBehind& is_behind);

}  // namespace pawl::asl::jsonata
