#include "api/scheduler/call.h"

namespace pawl::api::scheduler {
namespace {

using json::Value;

constexpr size_t next_shown = 5;

Value described(const Call& call, const schedules::Schedule& schedule, size_t runs_max) {
  Value::Array next, runs;
  for (const Instant due : schedule.next_due(call.now, next_shown))
    next.push_back(format_instant(due));
  const auto& all = schedule.runs();
  for (auto run = all.rbegin(); run != all.rend() && runs.size() < runs_max; ++run)
    runs.push_back(run->to_json());
  return shown_schedule(call, schedule)
      .with("NextDue", std::move(next))
      .with("Runs", std::move(runs));
}

}  // namespace

Result<Value> describe_schedule(const Call& call) {
  return described(call, *TRY(named_schedule(call)), schedules::runs_kept);
}

Result<Value> show_schedules(const Call& call) {
  Value::Array rows;
  for (const auto& [name, schedule] : call.book.all()) rows.push_back(described(call, schedule, 1));
  return Value::object({{"Schedules", std::move(rows)}});
}

}  // namespace pawl::api::scheduler
