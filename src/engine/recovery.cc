#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "engine/loop.h"

namespace pawl::engine {

// All executions are folded back before the first effect is carried out, because an effect of one
// may be about another. Timers that came due meanwhile fire in the first turn.
Result<void> Engine::Loop::recover() {
  turn = {};
  secret = TRY(store.secret());
  next_execution_id = TRY(store.last_execution_id()) + 1;
  std::vector<int64_t> ids;
  for (store::Execution& row : TRY(store.open_executions())) {
    const std::string arn = row.arn;
    ids.push_back(row.id);
    Result<void> folded = fold_back(std::move(row));
    if (!folded.has_value()) return std::move(folded).error().within("recovering " + arn);
  }
  for (const int64_t id : ids) {
    OpenExecution& recovered = *open.at(id);
    for (execution::Effect& effect : recovered.execution.pending()) {
      std::visit([&](auto& each) { take_effect(recovered, std::move(each)); }, effect);
    }
  }
  CHECK(turn.writes.empty());
  carry_out();
  if (!ids.empty()) {
    log(LogLevel::info, "open executions go on", {{"executions", concat(ids.size())}});
  }
  return {};
}

}  // namespace pawl::engine
