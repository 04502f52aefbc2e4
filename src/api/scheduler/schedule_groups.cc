#include "api/fields.h"
#include "api/scheduler/call.h"
#include "base/text.h"

namespace pawl::api::scheduler {
namespace {

using json::Value;

constexpr std::string_view the_group = "default";

Value shown_group(const Call& call) {
  return Value::object({{"Arn", call.arn("schedule-group", the_group)},
                        {"Name", the_group},
                        {"State", "ACTIVE"},
                        {"CreationDate", 0},
                        {"LastModificationDate", 0}});
}

}  // namespace

Result<Value> get_schedule_group(const Call& call) {
  TRY(check_name(call.input));
  TRY(schedules::check_group(Value::object({{"GroupName", text_of(call.input, "Name")}})));
  return shown_group(call);
}

Result<Value> list_schedule_groups(const Call& call) {
  Value::Array groups;
  if (the_group.starts_with(text_of(call.input, "NamePrefix"))) groups.push_back(shown_group(call));
  return Value::object({{"ScheduleGroups", std::move(groups)}});
}

Result<Value> refuse_schedule_group(const Call& call) {
  return Error(ErrorCode::unsupported,
               concat("ValidationException: schedule groups are not offered, so ",
                      text_of(call.input, "Name"), " can be neither created nor deleted"),
               "All schedules are in the group default.");
}

}  // namespace pawl::api::scheduler
