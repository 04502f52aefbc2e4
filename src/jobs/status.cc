#include "jobs/status.h"

#include <array>

namespace pawl::jobs {
namespace {

constexpr std::array<std::string_view, status_count> names = {
    "SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"};

}  // namespace

std::string_view name(Status status) { return names.at(static_cast<size_t>(status)); }

std::optional<Status> status_of(std::string_view name) {
  for (size_t i = 0; i < names.size(); ++i)
    if (names.at(i) == name) return static_cast<Status>(i);
  return std::nullopt;
}

}  // namespace pawl::jobs
