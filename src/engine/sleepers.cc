#include <algorithm>

#include "engine/loop.h"
#include "engine/past.h"

namespace pawl::engine {

// An execution that waits for nothing but the clock need not be in memory: its timers are kept, and
// its records tell the rest once one of them is due or somebody asks.

bool Engine::Loop::may_sleep(const OpenExecution& open) const {
  // Its parent knows it by the task that started it, and a client may wait for its end.
  const bool is_known = !open.row.started_by.empty() || awaited.contains(open.row.id);
  if (is_known || open.is_closed() || !open.tasks.empty() || open.timers.empty()) return false;
  const auto soonest =
      std::ranges::min_element(open.timers, {}, [](const auto& timer) { return timer.second; });
  return soonest->second - clock.now() >= options.sleep_at_least;
}

// REQUIRES: what was decided of them is durable.
void Engine::Loop::put_to_sleep(const std::vector<int64_t>& executions) {
  for (const int64_t id : executions) {
    if (open.size() <= options.awake_executions_max) return;
    const OpenExecution* found = find_open(id);
    if (found == nullptr || !may_sleep(*found)) continue;
    asleep.add(id);
    forget(id);
  }
}

// The execution, fetched from the store where it sleeps; null where it is not open. Where the store
// does not give it, it sleeps on, and nothing has been decided.
Result<OpenExecution*> Engine::Loop::awake(int64_t id) {
  OpenExecution* found = find_open(id);
  if (found != nullptr || !asleep.has(id)) return found;
  TRY(store.without_relying([&]() -> Result<void> {
    std::optional<store::Execution> row = TRY(store.execution_of_id(id));
    if (!row) return Error(ErrorCode::corrupt, "it is not in the data file");
    return fold_back(*std::move(row));
  }));
  asleep.remove(id);
  turn.decided.push_back(id);  // it may sleep on
  // Its timers run already.
  found = find_open(id);
  for (const execution::Effect& effect : found->execution.pending()) {
    const auto& timer = std::get<execution::SetTimer>(effect);
    found->timers[timer.id] = timer.due;
  }
  return found;
}

Result<OpenExecution*> Engine::Loop::awake(const std::string& arn) {
  const auto known = open_by_arn.find(arn);
  if (known != open_by_arn.end()) return open.at(known->second).get();
  if (asleep.size() == 0) return nullptr;
  const std::optional<store::Execution> row = TRY(store.execution(arn));
  if (!row) return nullptr;
  auto found = awake(row->id);
  return found.has_value() ? std::move(found) : naming(arn, std::move(found).error());
}

}  // namespace pawl::engine
