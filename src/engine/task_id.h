#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "execution/command.h"
#include "store/store.h"

namespace pawl::engine {

// Names of work that stay the same over crashes and differ between executions, also between those
// of two data directories: "<mark>-<execution>-<effect>" in hexadecimal, written like a UUID as far
// as the effect. The mark is a hash of the ARN and the start.
//
//   6b0e61c4-3a52-97b1-0000-00000000002a-3
struct TaskId {
  int64_t execution_id;
  execution::EffectId effect;
};

// What the ids of an execution's tasks begin with, up to the effect.
std::string task_id_prefix(const store::Execution& execution);
std::string make_task_id(const store::Execution& execution, execution::EffectId effect);
// Nothing where the text is no task id. Whether it is one of this execution says
// make_task_id(execution, effect) == text.
std::optional<TaskId> parse_task_id(std::string_view text);

}  // namespace pawl::engine
