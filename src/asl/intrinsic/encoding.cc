#include <algorithm>
#include <array>

#include "asl/intrinsic/call.h"
#include "base/hash.h"
#include "base/text.h"
#include "json/write.h"

namespace pawl::asl::intrinsic {
namespace {

using json::Value;

constexpr size_t characters_max = 10'000;  // The service's limit for all three.

// How many bytes the UTF-8 sequence at the front takes, 0 where it is none.
size_t sequence_length(std::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes[0]);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 && lead < 0xF5   ? 4
                        : lead >= 0xE0 && lead < 0xF0 ? 3
                        : lead >= 0xC2 && lead < 0xE0 ? 2
                                                      : 0;
  if (length == 0 || bytes.size() < length) return 0;
  for (size_t at = 1; at < length; ++at)
    if ((static_cast<unsigned char>(bytes[at]) & 0xC0) != 0x80) return 0;
  const auto second = static_cast<unsigned char>(bytes[1]);
  if (lead == 0xE0 && second < 0xA0) return 0;  // Longer than needed.
  if (lead == 0xED && second > 0x9F) return 0;  // A surrogate.
  if (lead == 0xF0 && second < 0x90) return 0;
  if (lead == 0xF4 && second > 0x8F) return 0;  // Beyond Unicode.
  return length;
}

// Decoded bytes need not be text, but what a state passes on must be.
std::string with_replacements(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const size_t length = sequence_length(bytes);
    text += length == 0 ? std::string_view("\xEF\xBF\xBD") : bytes.substr(0, length);
    bytes.remove_prefix(length == 0 ? 1 : length);
  }
  return text;
}

// Why the value cannot be encoded or decoded.
std::optional<std::string> trouble(const Value& value) {
  if (!value.is_string()) return "Invalid arguments: the argument must be a string";
  if (value.size() <= characters_max) return std::nullopt;
  return concat("The argument must not be longer than ", characters_max, " characters");
}

}  // namespace

Answer base64_encode(Arguments arguments, Entropy&) {
  if (auto found = trouble(arguments[0])) return *std::move(found);
  return Value(base64(arguments[0].string()));
}

Answer base64_decode(Arguments arguments, Entropy&) {
  if (auto found = trouble(arguments[0])) return *std::move(found);
  std::string bytes;
  if (!parse_base64(arguments[0].string(), bytes)) return std::string("Invalid Base64 string");
  return Value(with_replacements(bytes));
}

Answer hash(Arguments arguments, Entropy&) {
  constexpr std::array<std::string_view, 5> algorithms{"MD5", "SHA-1", "SHA-256", "SHA-384",
                                                       "SHA-512"};
  if (!arguments[1].is_string()) return std::string("Invalid arguments: no algorithm");
  const auto algorithm = arguments[1].string();
  if (std::find(algorithms.begin(), algorithms.end(), algorithm) == algorithms.end())
    return concat("Invalid algorithm '", algorithm,
                  "'; supported are MD5, SHA-1, SHA-256, SHA-384, SHA-512");
  const std::string bytes =
      arguments[0].is_string() ? std::string(arguments[0].string()) : json::write(arguments[0]);
  if (bytes.size() > characters_max)
    return concat("The data must not be longer than ", characters_max, " characters");
  return Value(digest(algorithm, bytes));
}

}  // namespace pawl::asl::intrinsic
