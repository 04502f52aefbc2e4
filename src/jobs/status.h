#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pawl::jobs {

// Of a job or a child of an array, in the order in which they follow each other ("Job states" in
// the AWS Batch user guide). The parent of an array is only ever pending, succeeded or failed.
enum class Status : uint8_t { submitted, pending, runnable, starting, running, succeeded, failed };
inline constexpr int status_count = 7;

std::string_view name(Status status);  // "RUNNABLE"
std::optional<Status> status_of(std::string_view name);
inline bool is_ended(Status status) { return status >= Status::succeeded; }

}  // namespace pawl::jobs
