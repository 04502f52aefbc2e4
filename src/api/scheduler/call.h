#pragma once

#include <array>
#include <string>
#include <string_view>

#include "api/action.h"
#include "api/shape.h"
#include "base/result.h"
#include "json/value.h"
#include "schedules/book.h"

namespace pawl::api::scheduler {

// What an action works on, on the thread of the scheduler.
struct Call {
  schedules::Book& book;
  Instant now;
  const json::Value& input;
  const engine::Options& home;  // the region and the account

  std::string arn(std::string_view kind, std::string_view name) const;
};

// Those of a schedule.
constexpr std::array<std::string_view, 2> states = {"ENABLED", "DISABLED"};

// One operation. What it changes is durable before it is answered.
using Operation = Result<json::Value> (*)(const Call& call);

Result<json::Value> create_schedule(const Call& call);
Result<json::Value> get_schedule(const Call& call);
Result<json::Value> update_schedule(const Call& call);
Result<json::Value> delete_schedule(const Call& call);
Result<json::Value> list_schedules(const Call& call);
Result<json::Value> get_schedule_group(const Call& call);
Result<json::Value> list_schedule_groups(const Call& call);
Result<json::Value> refuse_schedule_group(const Call& call);

// What the service has no operation for, as operations of our own.
//
// {} → {Schedules: [as DescribeSchedule shows each, with its last run only]}
Result<json::Value> show_schedules(const Call& call);
// {Name} → as GetSchedule, with CatchUp, NextDue: the next five times, and Runs, the newest first:
// [{Due, Outcome: WAITING STARTED FAILED MISSED, Trigger: SCHEDULE CATCH_UP BY_HAND, At or
// NextAttempt, Attempts?, ExecutionArn?, Why?, Count? and LastDue? of several missed in a row}]
Result<json::Value> describe_schedule(const Call& call);
// {Name, State} → {}
Result<json::Value> set_schedule_state(const Call& call);
// {Name} → the run, as in Runs
void run_schedule(const Rooms& rooms, const json::Value& input, const Answer& answer);

void ask(const Rooms& rooms, const json::Value& input, Operation operation, const Answer& answer);
// An operation in the form of the other services' actions.
template <Operation operation>
void action(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  ask(rooms, input, operation, answer);
}

// A schedule that the input names. Error: its Name or GroupName is none.
Result<const schedules::Schedule*> named_schedule(const Call& call);
// As GetSchedule shows it.
json::Value shown_schedule(const Call& call, const schedules::Schedule& schedule);
Result<void> check_name(const json::Value& input);
// All members of CreateSchedule and UpdateSchedule.
Result<void> check_definition(const json::Value& input);

}  // namespace pawl::api::scheduler
