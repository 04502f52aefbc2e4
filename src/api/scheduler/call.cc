#include "api/scheduler/call.h"

#include <algorithm>
#include <array>

#include "api/fields.h"
#include "base/text.h"
#include "schedules/scheduler.h"

namespace pawl::api::scheduler {
namespace {

using json::Value;

constexpr std::array<std::string_view, 2> window_modes = {"OFF", "FLEXIBLE"};
constexpr std::array<std::string_view, 2> end_actions = {"NONE", "DELETE"};
constexpr std::array<std::string_view, 3> catch_up_policies = {"NONE", "LAST", "ALL"};

constexpr int64_t year_10000 = 253'402'300'800;  // where times can be written no more

bool is_name(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
  });
}

constexpr Member name_member{.name = "Name",
                             .is_required = true,
                             .least = 1,
                             .most = 64,
                             .pattern = "^[0-9a-zA-Z-_.]+$",
                             .matches = is_name};
constexpr Member group_member{.name = "GroupName",
                              .least = 1,
                              .most = 64,
                              .pattern = "^[0-9a-zA-Z-_.]+$",
                              .matches = is_name};
constexpr Member names[] = {name_member, group_member};
constexpr Member window[] = {
    {.name = "Mode", .is_required = true, .words = window_modes},
    {.name = "MaximumWindowInMinutes", .kind = Kind::number, .least = 1, .most = 1440}};
constexpr Member retry_policy[] = {
    {.name = "MaximumEventAgeInSeconds", .kind = Kind::number, .least = 60, .most = 86400},
    {.name = "MaximumRetryAttempts", .kind = Kind::number, .least = 0, .most = 185}};
constexpr Member target[] = {
    {.name = "Arn", .is_required = true, .least = 1, .most = 1600},
    {.name = "RoleArn", .is_required = true, .least = 1, .most = 1600},
    {.name = "Input", .least = 1},
    {.name = "RetryPolicy", .kind = Kind::structure, .members = retry_policy}};
constexpr Member definition[] = {
    name_member,
    group_member,
    {.name = "Description", .most = 512},
    {.name = "ScheduleExpression", .is_required = true, .least = 1, .most = 256},
    {.name = "ScheduleExpressionTimezone", .least = 1, .most = 50},
    {.name = "StartDate", .kind = Kind::real, .least = 0, .most = year_10000},
    {.name = "EndDate", .kind = Kind::real, .least = 0, .most = year_10000},
    {.name = "State", .words = states},
    {.name = "ClientToken", .least = 1, .most = 64},
    {.name = "FlexibleTimeWindow", .kind = Kind::structure, .is_required = true, .members = window},
    {.name = "Target", .kind = Kind::structure, .is_required = true, .members = target},
    {.name = "ActionAfterCompletion", .words = end_actions},
    {.name = "CatchUp", .words = catch_up_policies}};

}  // namespace

std::string Call::arn(std::string_view kind, std::string_view name) const {
  return concat("arn:aws:scheduler:", home.region, ":", home.account, ":", kind, "/", name);
}

void ask(const Rooms& rooms, const Value& input, Operation operation, const Answer& answer) {
  rooms.schedules.ask<Value>(
      [input, operation, &home = rooms.engine.options()](schedules::Book& book, Instant now) {
        return operation({book, now, input, home});
      },
      answer);
}

Result<void> check_name(const Value& input) { return check_shape(input, names); }

Result<void> check_definition(const Value& input) { return check_shape(input, definition); }

Result<const schedules::Schedule*> named_schedule(const Call& call) {
  TRY(check_name(call.input));
  TRY(schedules::check_group(call.input));
  return call.book.find(text_of(call.input, "Name"));
}

Value shown_schedule(const Call& call, const schedules::Schedule& schedule) {
  return schedule.definition()
      .to_json()
      .with("Arn", call.arn("schedule/default", schedule.definition().name))
      .with("CreationDate", epoch_seconds(schedule.created()))
      .with("LastModificationDate", epoch_seconds(schedule.changed()));
}

}  // namespace pawl::api::scheduler
