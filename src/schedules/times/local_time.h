#pragma once

#include <chrono>

namespace pawl::schedules {

// What a clock on the wall shows, without saying where it hangs.
using LocalTime = std::chrono::local_seconds;

// What expressions may speak of.
constexpr std::chrono::year first_year{1970}, last_year{2199};

}  // namespace pawl::schedules
