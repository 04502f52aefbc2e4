#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/executions.h"

namespace pawl::api::states {
namespace {

using json::Value;

// What the service would bill: a memory of 64 MB, and the time in steps of 100 ms.
Value billing(const store::Execution& execution) {
  constexpr int64_t step_ms = 100;
  const auto lasted = execution.stopped.value_or(execution.started) - execution.started;
  const auto lasted_ms = std::chrono::ceil<milliseconds>(lasted).count();
  const int64_t steps = std::max<int64_t>(1, (lasted_ms + step_ms - 1) / step_ms);
  return Value::object(
      {{"billedMemoryUsedInMB", 64}, {"billedDurationInMilliseconds", steps * step_ms}});
}

}  // namespace

void start_sync_execution(const Rooms& rooms, const Value& input, const Answer& answer) {
  auto execution = read_execution(input);
  if (!execution) return answer(std::move(execution).error());
  const bool with_data = !is_metadata_only(input);
  const auto trace = optional_text_of(input, "traceHeader");
  rooms.engine.run_execution(
      *std::move(execution), [answer, with_data, trace](Result<store::Execution> ended) {
        if (!ended) return answer(std::move(ended).error());
        auto members = described(*ended);
        add_data(members, *ended, with_data);
        // Unlike the others, this operation says so even where there is no output.
        if (ended->status != "SUCCEEDED")
          members.push_back({"outputDetails", Value::object({{"included", with_data}})});
        members.push_back({"billingDetails", billing(*ended)});
        if (trace) members.push_back({"traceHeader", *trace});
        answer(Value(std::move(members)));
      });
}

}  // namespace pawl::api::states
