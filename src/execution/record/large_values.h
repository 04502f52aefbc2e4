#pragma once

#include "execution/record/known_values.h"

namespace pawl::execution {

// A value of so many bytes is written as its JSON text, the same wherever it appears, so that the
// store can keep the text once for all records, inputs and outputs that have it.
constexpr size_t large_bytes_min = 16 << 10;

bool has_large_member(const json::Value& value);

// Whether a large value reads back from its text as it is, and has but a small part that is known
// to the record already or stands in it twice: else references are the shorter form.
bool is_best_as_text(const json::Value& value, const KnownValues& known);

}  // namespace pawl::execution
