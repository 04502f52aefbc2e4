#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::executors {

// The tasks of an array as Slurm writes them: "0-3,7", where it lists them also "0-8:2,11%4".

// REQUIRES: ascending.
std::string format_tasks(const std::vector<int32_t>& tasks);
// Nothing where it is written otherwise, or names a million or more.
std::optional<std::vector<int32_t>> parse_tasks(std::string_view text);

}  // namespace pawl::executors
