#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "engine/loop.h"
#include "engine/past.h"

namespace pawl::engine {

// All executions are folded back before the first effect is carried out, because an effect of one
// may be about another. Timers that came due meanwhile fire in the first turn.
Result<void> Engine::Loop::recover() {
  turn = {};
  const store::OneMoment reading(store);
  secret = TRY(store.secret());
  next_execution_id = TRY(store.last_execution_id()) + 1;
  for (const int64_t id : TRY(fold_all_back())) {
    OpenExecution& recovered = *open.at(id);
    for (execution::Effect& effect : recovered.execution.pending())
      std::visit([&](auto& each) { take_effect(recovered, std::move(each)); }, effect);
  }
  CHECK(turn.writes.empty());
  carry_out();
  const size_t count = open.size() + asleep.size();
  if (count > 0) log(LogLevel::info, "open executions go on", {{"executions", concat(count)}});
  return {};
}

// Those that wait for more than the clock. What is damaged is left out, and the others go on.
Result<std::vector<int64_t>> Engine::Loop::fold_all_back() {
  constexpr size_t page = 1000;
  const auto leave_out = [&](int64_t id, const std::string& arn, const Error& error) {
    log(LogLevel::error, "an execution is damaged and does not go on; the others do",
        {{"execution", arn}, {"error", error.text()}});
    damaged.emplace(id, naming(arn, error));
  };
  std::vector<int64_t> at_work;
  for (int64_t last = 0;;) {
    store::OpenExecutions found = TRY(store.open_executions(last, page));
    if (found.last_id == 0) return at_work;
    last = found.last_id;
    for (const auto& each : found.damaged) leave_out(each.id, each.arn, each.error);
    for (store::Execution& row : found.executions) {
      const std::string arn = row.arn;
      const int64_t id = row.id;
      Result<void> folded = fold_back(std::move(row));
      if (folded.has_value()) {
        if (!waits_for_the_clock(*open.at(id))) at_work.push_back(id);
      } else if (folded.error().code() == ErrorCode::corrupt) {
        leave_out(id, arn, folded.error());
      } else {
        return std::move(folded).error().within("recovering " + arn);
      }
    }
  }
}

// Whether it waits for nothing else; then its timers are set, and it may sleep at once.
bool Engine::Loop::waits_for_the_clock(OpenExecution& recovered) {
  const auto pending = recovered.execution.pending();
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
