#include <algorithm>
#include <array>

#include "asl/intrinsic/call.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/utf8.h"
#include "json/write.h"

namespace pawl::asl::intrinsic {
namespace {

using json::Value;

constexpr size_t characters_max = 10'000;  // The service's limit for all three.

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
