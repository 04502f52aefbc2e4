#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "execution/execution.h"
#include "store/store.h"

namespace pawl::engine {

// A task's token says which task it is of, and holds a mark that only this data directory can make:
// so a token is checked without being kept anywhere, and is good for as long as its task.
//
//   2a.6b0e61c43a5297b16b0e61c43a5297b16b0e61c43a5297b1.3      execution, mark, effect
struct TaskToken {
  int64_t execution_id = 0;
  execution::EffectId effect = 0;
};

// What the tokens of the execution's tasks begin with; execution::task_token adds the effect.
std::string token_prefix(std::string_view secret, const store::Execution& execution);
// Nothing where the text is no token. Whether it is one of ours says task_token(…) == text.
std::optional<TaskToken> parse_task_token(std::string_view text);

}  // namespace pawl::engine
