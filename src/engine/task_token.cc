#include "engine/task_token.h"

#include <charconv>

#include "base/hash.h"
#include "base/text.h"

namespace pawl::engine {
namespace {

constexpr size_t mark_digits = 48;

std::string hex_of(int64_t number) {
  char digits[17];
  const auto end = std::to_chars(digits, digits + 16, static_cast<uint64_t>(number), 16).ptr;
  return {digits, end};
}

}  // namespace

// Keyed at both ends, so that nothing can be put behind what is hashed.
std::string token_prefix(std::string_view secret, const store::Execution& execution) {
  const std::string mark =
      sha256(concat(secret, "\n", execution.id, "\n", execution.arn, "\n", secret));
  return concat(hex_of(execution.id), ".", mark.substr(0, mark_digits));
}

std::optional<TaskToken> parse_task_token(std::string_view text) {
  const auto pieces = split(text, '.');
  if (pieces.size() != 3 || pieces[1].size() != mark_digits) return std::nullopt;
  uint64_t execution_id = 0;
  const char* end = pieces[0].data() + pieces[0].size();
  const auto read = std::from_chars(pieces[0].data(), end, execution_id, 16);
  const auto effect = parse_integer(pieces[2]);
  if (read.ec != std::errc() || read.ptr != end || execution_id > INT64_MAX) return std::nullopt;
  if (!effect || *effect < 1) return std::nullopt;
  return TaskToken{static_cast<int64_t>(execution_id), static_cast<execution::EffectId>(*effect)};
}

}  // namespace pawl::engine
