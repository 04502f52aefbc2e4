#include "api/fields.h"
#include "api/scheduler/call.h"

namespace pawl::api::scheduler {
namespace {

using json::Value;

constexpr Member shape[] = {{.name = "MaxResults", .kind = Kind::number, .least = 1, .most = 100},
                            {.name = "State", .words = states}};

Value summary(const Call& call, const schedules::Schedule& schedule) {
  const Value whole = shown_schedule(call, schedule);
  Value::Object members;
  for (const char* name :
       {"Arn", "Name", "GroupName", "State", "CreationDate", "LastModificationDate"})
    members.push_back({name, whole[name]});
  members.push_back({"Target", Value::object({{"Arn", schedule.definition().target_arn}})});
  return members;
}

}  // namespace

// By name; the token is the name of the last one shown.
Result<Value> list_schedules(const Call& call) {
  TRY(check_shape(call.input, shape));
  TRY(schedules::check_group(call.input));
  const auto count_max = static_cast<size_t>(call.input.integer_at("MaxResults").value_or(100));
  const std::string prefix = text_of(call.input, "NamePrefix"),
                    state = text_of(call.input, "State");
  const auto& all = call.book.all();
  Value::Array rows;
  std::string last;
  for (auto each = all.upper_bound(text_of(call.input, "NextToken")); each != all.end(); ++each) {
    const auto& [name, schedule] = *each;
    const bool is_of_state =
        state.empty() || (state == "ENABLED") == schedule.definition().is_enabled;
    if (!name.starts_with(prefix) || !is_of_state) continue;
    if (rows.size() == count_max)
      return Value::object({{"Schedules", std::move(rows)}, {"NextToken", last}});
    rows.push_back(summary(call, schedule));
    last = name;
  }
  return Value::object({{"Schedules", std::move(rows)}});
}

}  // namespace pawl::api::scheduler
