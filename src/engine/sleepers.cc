#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "engine/loop.h"

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
    asleep.insert(id);
    forget(id);
  }
}

// The execution, fetched from the store where it sleeps; null where it is not open.
OpenExecution* Engine::Loop::awake(int64_t id) {
  if (OpenExecution* found = find_open(id)) return found;
  if (asleep.erase(id) == 0) return nullptr;
  turn.decided.push_back(id);  // it may sleep on
  const Result<void> fetched = fetch(id);
  if (!fetched.has_value())
    log(LogLevel::error, "an execution cannot go on, its stored data are damaged",
        {{"execution_id", concat(id)}, {"error", fetched.error().text()}});
  return find_open(id);
}

OpenExecution* Engine::Loop::awake(const std::string& arn) {
  const auto known = open_by_arn.find(arn);
  if (known != open_by_arn.end()) return open.at(known->second).get();
  if (asleep.empty()) return nullptr;
  const auto row = store.execution(arn);
  return row.has_value() && row->has_value() ? awake((*row)->id) : nullptr;
}

Result<void> Engine::Loop::fetch(int64_t id) {
  std::optional<store::Execution> row = TRY(store.execution_of_id(id));
  if (!row) return Error(ErrorCode::corrupt, "it is not in the data file");
  TRY(fold_back(*std::move(row)));
  // Its timers run already.
  OpenExecution& fetched = *open.at(id);
  for (const execution::Effect& effect : fetched.execution.pending()) {
    const auto& timer = std::get<execution::SetTimer>(effect);
    fetched.timers[timer.id] = timer.due;
  }
  return {};
}

}  // namespace pawl::engine
