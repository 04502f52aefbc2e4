#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pawl::asl::jsonata {

// A number as JavaScript writes it: "1", "0.1", "1e+21", "Infinity".
std::string number_text(double number);
// The nearest number that has at most `digits` significant ones.
double with_precision(double number, int digits);
// Halves go to the even neighbour; `places` may be negative. No negative zero.
double round_half_even(double number, int places);
// In a base from 2 to 36.
std::string number_in_base(double number, int base);
// With exactly so many decimals, halves away from zero as the decimal form of the number has them.
std::string fixed_text(double number, int places);

// A text as $number reads it: decimal, or 0x, 0o, 0b.
std::optional<double> read_number(std::string_view text);

}  // namespace pawl::asl::jsonata
