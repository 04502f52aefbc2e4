#pragma once

#include <cstddef>
#include <cstdint>

#include "json/value.h"

namespace pawl::execution {

// Where the service ends an execution ("Step Functions service quotas" of its Developer Guide).
// Here nothing ends there unless it is asked for.
constexpr size_t service_data_bytes_max = 262'144;  // the input or output of a state, as text
constexpr int64_t service_events_max = 25'000;      // of a history

// How many bytes the value has as text: about, but exactly where that decides over a limit as small
// as the service's.
size_t bytes_as_text(const json::Value& value, size_t limit);

}  // namespace pawl::execution
