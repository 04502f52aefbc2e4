#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

#include "asl/intrinsic/call.h"

namespace pawl::asl::intrinsic {
namespace {

using json::Value;

constexpr int64_t integer_min = std::numeric_limits<int32_t>::min();
constexpr int64_t integer_max = std::numeric_limits<int32_t>::max();

}  // namespace

Result<int64_t, std::string> rounded(const Value& number) {
  if (!number.is_number()) return std::string("Invalid arguments: the argument must be a number");
  const double value = number.is_integer() ? number.real() : std::floor(number.real() + 0.5);
  if (!(value >= static_cast<double>(integer_min) && value <= static_cast<double>(integer_max)))
    return std::string("Invalid arguments: the number is not within 32 bits");
  return static_cast<int64_t>(value);
}

Answer math_random(Arguments arguments, Entropy& entropy) {
  const int64_t begin = TRY(rounded(arguments[0]));
  const int64_t end = TRY(rounded(arguments[1]));
  if (begin >= end)
    return std::string("Invalid arguments: the end of the range must be greater than its start");
  Entropy seeded(0);
  if (arguments.size() == 3) seeded = Entropy(static_cast<uint64_t>(TRY(rounded(arguments[2]))));
  const double fraction = arguments.size() == 3 ? seeded.fraction() : entropy.fraction();
  return Value(begin + static_cast<int64_t>(fraction * static_cast<double>(end - begin)));
}

Answer math_add(Arguments arguments, Entropy&) {
  const int64_t sum = TRY(rounded(arguments[0])) + TRY(rounded(arguments[1]));
  if (sum < integer_min || sum > integer_max) return std::string("The sum is not within 32 bits");
  return Value(sum);
}

// Version 4: random but for the version and the variant.
Answer uuid(Arguments, Entropy& entropy) {
  const uint64_t high = (entropy.next() & ~uint64_t{0xF000}) | 0x4000;
  const uint64_t low = (entropy.next() & ~(uint64_t{3} << 62)) | (uint64_t{2} << 62);
  std::array<char, 40> text;
  std::snprintf(text.data(), text.size(), "%08x-%04x-%04x-%04x-%012llx",
                static_cast<unsigned>(high >> 32), static_cast<unsigned>((high >> 16) & 0xFFFF),
                static_cast<unsigned>(high & 0xFFFF), static_cast<unsigned>(low >> 48),
                static_cast<unsigned long long>(low & 0xFFFFFFFFFFFF));
  return Value(text.data());
}

}  // namespace pawl::asl::intrinsic
