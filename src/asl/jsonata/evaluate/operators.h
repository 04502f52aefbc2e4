#pragma once

#include <optional>
#include <string>

#include "asl/jsonata/evaluate/answer.h"
#include "asl/jsonata/fault.h"

namespace pawl::asl::jsonata {

// What operators and functions share. A fault has no place yet.

// `looked_at` grows by the elements that were looked at; scalars need not be counted.
bool is_true(const Item& item, int64_t& looked_at);
bool is_equal(const Item& left, const Item& right, int64_t& looked_at);
// The value as JSON text, numbers to 15 digits, functions as empty texts; a text as it is.
Result<std::string, Fault> to_text(const Item& item, bool is_pretty = false);
// For messages: JSON of whatever it is.
std::string shown(const Item& item);

// The member of that name; of an array, those of its elements.
Item look_up(Heap& heap, const Item& input, std::string_view name);
// One sequence after another; what is no array is one of one element.
Item append(Heap& heap, const Item& left, const Item& right);
// Whether every element is a number, or a text.
bool are_numbers(const Item& array);
bool are_texts(const Item& array);

}  // namespace pawl::asl::jsonata
