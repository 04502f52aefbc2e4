#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "engine/loop.h"

namespace pawl::engine {

// All executions are folded back before the first effect is carried out, because an effect of one
// may be about another. Timers that came due meanwhile fire in the first turn.
Result<void> Engine::Loop::recover() {
  turn = {};
  const store::OneMoment reading(store);
  secret = TRY(store.secret());
  next_execution_id = TRY(store.last_execution_id()) + 1;
  constexpr size_t page = 1000;
  struct AtWork {
    int64_t id;
    std::vector<execution::Effect> pending;
  };
  std::vector<AtWork> at_work;
  size_t count = 0;
  for (int64_t last = 0;;) {
    std::vector<store::Execution> rows = TRY(store.open_executions(last, page));
    if (rows.empty()) break;
    last = rows.back().id;
    count += rows.size();
    for (store::Execution& row : rows) {
      const std::string arn = row.arn;
      const int64_t id = row.id;
      Result<void> folded = fold_back(std::move(row));
      if (!folded.has_value()) return std::move(folded).error().within("recovering " + arn);
      auto pending = open.at(id)->execution.pending();
      if (!waits_for_the_clock(*open.at(id), pending)) at_work.push_back({id, std::move(pending)});
    }
  }
  for (auto& [id, pending] : at_work) {
    OpenExecution& recovered = *open.at(id);
    for (execution::Effect& effect : pending)
      std::visit([&](auto& each) { take_effect(recovered, std::move(each)); }, effect);
  }
  CHECK(turn.writes.empty());
  carry_out();
  if (count > 0) log(LogLevel::info, "open executions go on", {{"executions", concat(count)}});
  return {};
}

// Whether it waits for nothing else; then its timers are set, and it may sleep at once.
bool Engine::Loop::waits_for_the_clock(OpenExecution& recovered,
                                       const std::vector<execution::Effect>& pending) {
  for (const execution::Effect& effect : pending)
    if (!std::holds_alternative<execution::SetTimer>(effect)) return false;
  for (const execution::Effect& effect : pending) {
    const auto& timer = std::get<execution::SetTimer>(effect);
    recovered.timers[timer.id] = timer.due;
    timers.set({timer.due, recovered.row.id, timer.id});
  }
  put_to_sleep({recovered.row.id});
  return true;
}

}  // namespace pawl::engine
