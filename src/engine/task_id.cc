#include "engine/task_id.h"

#include "base/hash.h"
#include "base/text.h"
#include "execution/numbered_uuid.h"

namespace pawl::engine {

std::string task_id_prefix(const store::Execution& execution) {
  const auto started = execution.started.time_since_epoch().count();
  const std::string mark = sha256(concat(execution.arn, "\n", started)).substr(0, 16);
  return execution::numbered_uuid(mark, execution.id) + "-";
}

std::string make_task_id(const store::Execution& execution, execution::EffectId effect) {
  return concat(task_id_prefix(execution), effect);
}

std::optional<TaskId> parse_task_id(std::string_view text) {
  constexpr size_t size = execution::uuid_size;
  if (text.size() <= size + 1 || text[18] != '-' || text[23] != '-' || text[size] != '-')
    return std::nullopt;
  const auto execution_id = execution::number_of_uuid(text.substr(0, size));
  const auto effect = parse_integer(text.substr(size + 1));
  if (!execution_id || !effect || *effect < 0) return std::nullopt;
  return TaskId{*execution_id, static_cast<execution::EffectId>(*effect)};
}

}  // namespace pawl::engine
