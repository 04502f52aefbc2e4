#include "engine/task_id.h"

#include <charconv>

#include "base/hash.h"
#include "base/text.h"

namespace pawl::engine {
namespace {

constexpr size_t uuid_size = 36;

std::string hex16(uint64_t number) {
  char digits[17];
  const auto end = std::to_chars(digits, digits + 16, number, 16).ptr;
  const auto size = static_cast<size_t>(end - digits);
  return std::string(16 - size, '0') + std::string(digits, size);
}

}  // namespace

std::string make_task_id(const store::Execution& execution, execution::EffectId effect) {
  const auto started = execution.started.time_since_epoch().count();
  const std::string mark = sha256(concat(execution.arn, "\n", started)).substr(0, 16);
  const std::string id = hex16(static_cast<uint64_t>(execution.id));
  return concat(mark.substr(0, 8), "-", mark.substr(8, 4), "-", mark.substr(12), "-",
                id.substr(0, 4), "-", id.substr(4), "-", effect);
}

std::optional<TaskId> parse_task_id(std::string_view text) {
  if (text.size() <= uuid_size + 1 || text[18] != '-' || text[23] != '-') return std::nullopt;
  if (text[uuid_size] != '-') return std::nullopt;
  const std::string id = concat(text.substr(19, 4), text.substr(24, 12));
  uint64_t execution_id = 0;
  const char* end = id.data() + id.size();
  if (std::from_chars(id.data(), end, execution_id, 16).ptr != end) return std::nullopt;
  const auto effect = parse_integer(text.substr(uuid_size + 1));
  if (!effect || *effect < 0) return std::nullopt;
  return TaskId{static_cast<int64_t>(execution_id), static_cast<execution::EffectId>(*effect)};
}

}  // namespace pawl::engine
