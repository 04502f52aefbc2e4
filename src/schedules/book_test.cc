#include "schedules/book.h"

#include <gmock/gmock.h>

#include "base/text.h"
#include "schedules/times/testing_times.h"

namespace pawl::schedules {
namespace {

using json::Value;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

Definition definition(std::string_view expression, CatchUp catch_up = CatchUp::last) {
  Definition made;
  made.name = "nightly";
  made.expression = std::string(expression);
  made.target_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
  made.role_arn = "arn:aws:iam::000000000000:role/r";
  made.catch_up = catch_up;
  return made;
}

// A book with a schedule, an hour hand, and an engine that starts what it is told.
class Desk {
 public:
  explicit Desk(Definition definition, std::string_view created = "2026-11-21T00:00:30Z")
      : now(moment(created)) {
    const auto made = book.create(std::move(definition), "", now);
    EXPECT_TRUE(made.has_value()) << made.error().text();
  }

  // With somebody there all the time.
  void pass(Duration time, Duration step = seconds(30)) {
    const Instant end = now + time;
    while (now < end) {
      now = std::min(now + step, end);
      look();
    }
  }
  void look() {
    book.settle({.now = now, .lateness_max = seconds(60), .why_missed = "clock"});
    launch();
  }
  // With nobody there.
  void be_down(Duration time) {
    now += time;
    book.settle({.now = now, .why_missed = "down"});
    launch();
  }
  void launch() {
    for (const Launch& launch : book.launches(now)) {
      if (failure) {
        book.launched(launch, *failure, now);
        continue;
      }
      started.push_back(launch.execution_name);
      inputs.push_back(launch.input);
      book.launched(launch, concat("arn:", launch.execution_name), now);
    }
  }

  const Schedule& schedule() const { return book.all().at("nightly"); }
  // "02:00 STARTED", "02:00 MISSED 3 down"
  std::vector<std::string> told() const {
    std::vector<std::string> lines;
    for (const Run& run : schedule().runs()) {
      const Value shown = run.to_json();
      std::string line =
          concat(shown.string_at("Due")->substr(11, 5), " ", *shown.string_at("Outcome"));
      if (run.trigger == Trigger::catch_up) line += " late";
      if (run.count > 1) line += concat(" ", run.count);
      if (!run.why.empty()) line += concat(" ", run.why);
      lines.push_back(line);
    }
    return lines;
  }

  Book book;
  Instant now;
  std::optional<Error> failure;
  std::vector<std::string> started, inputs;
};

TEST(book, starts_each_due_time_once) {
  Desk desk(definition("cron(0 * ? * * *)"));
  desk.pass(hours(3));
  EXPECT_THAT(desk.told(), ElementsAre("01:00 STARTED", "02:00 STARTED", "03:00 STARTED"));
  EXPECT_THAT(desk.started, ElementsAre(StartsWith("nightly-20261121T010000Z-"),
                                        StartsWith("nightly-20261121T020000Z-"),
                                        StartsWith("nightly-20261121T030000Z-")));
}

TEST(book, starts_a_rate_at_once_and_then_in_its_time) {
  Desk desk(definition("rate(10 minutes)"));
  desk.look();
  EXPECT_THAT(desk.told(), ElementsAre("00:00 STARTED"));
  desk.pass(minutes(20));
  EXPECT_THAT(desk.told(), ElementsAre("00:00 STARTED", "00:10 STARTED", "00:20 STARTED"));
}

TEST(book, runs_every_sunday_for_three_weeks_and_skips_the_one_that_is_disabled) {
  Desk desk(definition("cron(0 2 ? * SUN *)"));
  desk.pass(hours(7 * 24), minutes(1));
  ASSERT_TRUE(desk.book.set_enabled("nightly", false, desk.now).has_value());
  desk.pass(hours(7 * 24), minutes(1));
  ASSERT_TRUE(desk.book.set_enabled("nightly", true, desk.now).has_value());
  desk.pass(hours(7 * 24), minutes(1));
  EXPECT_THAT(desk.told(), ElementsAre("02:00 STARTED", "02:00 MISSED the schedule was disabled",
                                       "02:00 STARTED"));
}

TEST(book, runs_the_last_that_was_missed_while_the_server_was_down) {
  Desk desk(definition("cron(0 * ? * * *)"));
  desk.be_down(hours(4));
  EXPECT_THAT(desk.told(),
              ElementsAre("01:00 MISSED 3 down; a later one is caught up", "04:00 STARTED late"));
}

TEST(book, runs_none_that_was_missed_where_that_is_asked) {
  Desk desk(definition("cron(0 * ? * * *)", CatchUp::none));
  desk.be_down(hours(4));
  EXPECT_THAT(desk.told(), ElementsAre("01:00 MISSED 4 down"));
  EXPECT_THAT(desk.started, IsEmpty());
}

TEST(book, runs_all_that_were_missed_the_oldest_first_where_that_is_asked) {
  Desk desk(definition("cron(0 * ? * * *)", CatchUp::all));
  desk.be_down(hours(3));
  EXPECT_THAT(desk.told(),
              ElementsAre("01:00 STARTED late", "02:00 STARTED late", "03:00 STARTED late"));
}

TEST(book, bounds_how_many_are_caught_up) {
  Desk desk(definition("cron(* * ? * * *)", CatchUp::all));
  desk.be_down(hours(5));
  EXPECT_THAT(desk.started, SizeIs(caught_up_max));
  EXPECT_EQ(desk.schedule().runs().front().count, 300 - static_cast<int64_t>(caught_up_max));
}

TEST(book, catches_up_nothing_that_is_older_than_the_greatest_age) {
  auto made = definition("cron(0 * ? * * *)", CatchUp::all);
  made.age_max = minutes(90);
  Desk desk(made);
  desk.be_down(hours(4));
  EXPECT_THAT(desk.told(), ElementsAre("01:00 MISSED 2 down, and then it was too old to run",
                                       "03:00 STARTED late", "04:00 STARTED late"));
}

TEST(book, counts_years_without_anybody_there_in_no_time) {
  Desk desk(definition("cron(* * ? * * *)"));
  desk.be_down(hours(24 * 365));
  EXPECT_THAT(desk.started, SizeIs(1));
  EXPECT_EQ(desk.schedule().next_look(), std::chrono::ceil<minutes>(desk.now));
}

TEST(book, starts_what_was_left_waiting_unless_it_has_become_too_old) {
  for (const bool is_too_old : {false, true}) {
    auto made = definition("at(2026-11-21T01:00:00)", CatchUp::none);
    made.age_max = minutes(60);
    Desk desk(made);
    desk.now += seconds(3571);
    desk.book.settle({.now = desk.now, .lateness_max = seconds(60)});  // and then it dies
    desk.be_down(minutes(is_too_old ? 61 : 59));
    EXPECT_THAT(desk.told(), ElementsAre(is_too_old ? StartsWith("01:00 MISSED the server was down")
                                                    : StartsWith("01:00 STARTED")));
  }
}

TEST(book, runs_nothing_twice_when_the_clock_is_set_back) {
  Desk desk(definition("cron(0 * ? * * *)"));
  desk.pass(hours(2));
  desk.now -= minutes(90);
  desk.pass(minutes(120));
  EXPECT_THAT(desk.told(), ElementsAre("01:00 STARTED", "02:00 STARTED"));
  desk.pass(minutes(30));
  EXPECT_THAT(desk.told(), ElementsAre("01:00 STARTED", "02:00 STARTED", "03:00 STARTED"));
}

TEST(book, counts_what_a_clock_is_set_forward_over_as_missed) {
  Desk desk(definition("cron(0 * ? * * *)", CatchUp::none));
  desk.now += minutes(150);
  desk.look();
  EXPECT_THAT(desk.told(), ElementsAre("01:00 MISSED 2 clock"));
}

TEST(book, is_late_by_a_minute_without_missing_anything) {
  Desk desk(definition("cron(0 * ? * * *)", CatchUp::none), "2026-11-21T00:59:59Z");
  desk.now += seconds(61);
  desk.look();
  EXPECT_THAT(desk.told(), ElementsAre("01:00 STARTED"));
}

TEST(book, records_what_clocks_are_set_forward_over) {
  if (!Zone::find("Europe/Zurich")) GTEST_SKIP() << "missing: the package tzdata";
  auto made = definition("cron(30 2 * * ? *)");
  made.timezone = "Europe/Zurich";
  Desk desk(made, "2026-03-28T12:00:00Z");
  desk.pass(hours(37), minutes(1));
  EXPECT_THAT(desk.told(),
              ElementsAre("01:00 MISSED clocks were set forward over it", "00:30 STARTED"));
}

TEST(book, tries_again_what_could_not_be_started) {
  Desk desk(definition("cron(0 * ? * * *)"), "2026-11-21T00:59:59Z");
  desk.failure = Error(ErrorCode::not_found, "StateMachineDoesNotExist: m");
  desk.pass(seconds(1), seconds(1));
  EXPECT_THAT(desk.told(), ElementsAre("01:00 WAITING StateMachineDoesNotExist: m"));
  desk.pass(minutes(3), seconds(1));
  EXPECT_EQ(desk.schedule().runs().at(0).attempts, 8);  // after 1, 3, 7, 15, 31, 63 and 127 s
  desk.failure.reset();
  desk.pass(minutes(5), seconds(1));
  EXPECT_THAT(desk.told(), ElementsAre("01:00 STARTED"));
  EXPECT_THAT(desk.started, SizeIs(1));
}

TEST(book, gives_up_after_so_many_attempts_or_when_it_is_too_old) {
  auto made = definition("at(2026-11-21T01:00:00)");
  made.retries_max = 2;
  Desk desk(made);
  desk.failure = Error(ErrorCode::unavailable, "gone");
  desk.pass(hours(2), seconds(1));
  EXPECT_THAT(desk.told(), ElementsAre("01:00 FAILED gone"));
  EXPECT_EQ(desk.schedule().runs().at(0).attempts, 3);

  made.retries_max = 185;
  made.age_max = seconds(60);
  Desk old(made);
  old.failure = desk.failure;
  old.pass(hours(2), seconds(1));
  EXPECT_THAT(old.told(), ElementsAre("01:00 FAILED gone"));
  EXPECT_EQ(old.schedule().runs().at(0).attempts, 6);
}

TEST(book, does_not_try_again_what_will_always_be_wrong) {
  Desk desk(definition("at(2026-11-21T01:00:00)"));
  desk.failure = Error(ErrorCode::invalid_argument, "InvalidExecutionInput: x");
  desk.pass(hours(2));
  EXPECT_EQ(desk.schedule().runs().at(0).attempts, 1);
  EXPECT_THAT(desk.told(), ElementsAre("01:00 FAILED InvalidExecutionInput: x"));
}

TEST(book, takes_a_refusal_because_it_runs_already_for_a_start) {
  Desk desk(definition("at(2026-11-21T01:00:00)"));
  desk.failure = Error(ErrorCode::already_exists, "ExecutionAlreadyExists: x");
  desk.pass(hours(2));
  EXPECT_THAT(desk.told(), ElementsAre("01:00 STARTED"));
  EXPECT_THAT(desk.schedule().runs().at(0).execution_arn,
              StartsWith("arn:aws:states:us-east-1:000000000000:execution:m:nightly-20261121T01"));
}

TEST(book, starts_somewhere_within_the_window) {
  auto made = definition("cron(0 * ? * * *)");
  made.window = minutes(30);
  Desk desk(made);
  desk.pass(minutes(61));
  const Instant due = moment("2026-11-21T01:00:00Z");
  const schedules::Run run = desk.schedule().runs().at(0);
  EXPECT_EQ(run.due, due);
  EXPECT_GE(run.at, due);
  EXPECT_LT(run.at, due + minutes(30));
  desk.be_down(minutes(29));  // to the end of the window: it is not missed
  EXPECT_THAT(desk.told(), ElementsAre("01:00 STARTED"));
}

TEST(book, keeps_the_last_hundred_runs) {
  Desk desk(definition("cron(* * ? * * *)"));
  desk.pass(hours(3));
  EXPECT_THAT(desk.schedule().runs(), SizeIs(runs_kept));
  EXPECT_EQ(desk.schedule().runs().back().due, moment("2026-11-21T03:00:00Z"));
}

TEST(book, forgets_none_that_waits) {
  auto made = definition("cron(* * ? * * *)");
  made.window = hours(24);
  Desk desk(made);
  desk.pass(hours(20), minutes(1));
  const auto& runs = desk.schedule().runs();
  const auto waiting = std::count_if(runs.begin(), runs.end(), [](const schedules::Run& run) {
    return run.outcome == Outcome::waiting;
  });
  EXPECT_GT(waiting, static_cast<int64_t>(runs_kept));
  EXPECT_EQ(waiting + static_cast<int64_t>(desk.started.size()), 20 * 60);
}

TEST(book, misses_what_waits_when_its_schedule_is_disabled) {
  Desk desk(definition("at(2026-11-21T01:00:00)"));
  desk.failure = Error(ErrorCode::unavailable, "gone");
  desk.pass(hours(1));
  ASSERT_TRUE(desk.book.set_enabled("nightly", false, desk.now).has_value());
  desk.failure.reset();
  desk.pass(hours(1));
  EXPECT_THAT(desk.told(), ElementsAre("01:00 MISSED the schedule was disabled"));
  EXPECT_THAT(desk.started, IsEmpty());
}

TEST(book, replaces_the_attributes_of_the_context_in_the_input) {
  auto made = definition("at(2026-11-21T01:00:00)");
  made.input = R"({"t": "<aws.scheduler.scheduled-time>", "s": "<aws.scheduler.schedule-arn>",)"
               R"( "a": <aws.scheduler.attempt-number>, "x": "<aws.scheduler.execution-id>"})";
  Desk desk(made);
  desk.pass(hours(2));
  EXPECT_THAT(
      desk.inputs,
      ElementsAre(testing::MatchesRegex(
          R"(\{"t": "2026-11-21T01:00:00Z", "s": "arn:aws:scheduler:us-east-1:000000000000:)"
          R"(schedule/default/nightly", "a": 1, "x": "[0-9a-f]{16}"\})")));
}

TEST(book, gives_a_schedule_that_is_made_again_other_names) {
  Desk desk(definition("at(2026-11-21T01:00:00)"));
  desk.pass(minutes(58));
  ASSERT_TRUE(desk.book.erase("nightly").has_value());
  ASSERT_TRUE(desk.book.create(definition("at(2026-11-21T01:00:00)"), "", desk.now).has_value());
  desk.pass(hours(1));
  Desk other(definition("at(2026-11-21T01:00:00)"));
  other.pass(hours(2));
  EXPECT_NE(desk.started.at(0), other.started.at(0));
  EXPECT_LE(desk.started.at(0).size(), 80u);
}

TEST(book, does_not_run_what_a_change_would_have_had_due_in_the_past) {
  Desk desk(definition("cron(30 * ? * * *)"));
  desk.pass(minutes(45));
  Value shown = definition("cron(15 * ? * * *)").to_json();
  ASSERT_TRUE(desk.book.update(shown, desk.now).has_value());
  desk.pass(hours(1));
  EXPECT_THAT(desk.told(), ElementsAre("00:30 STARTED", "01:15 STARTED"));
  // Nor does it run again what it has run, when nothing of its times has changed.
  ASSERT_TRUE(desk.book.update(shown, desk.now).has_value());
  desk.look();
  EXPECT_THAT(desk.told(), SizeIs(2));
}

TEST(book, forgets_a_schedule_that_is_over_where_that_is_asked) {
  auto made = definition("at(2026-11-21T01:00:00)");
  made.is_deleted_when_over = true;
  Desk desk(made);
  desk.pass(minutes(58));
  EXPECT_THAT(desk.book.all(), SizeIs(1));
  desk.pass(minutes(5));
  EXPECT_THAT(desk.book.all(), IsEmpty());
  EXPECT_THAT(desk.started, SizeIs(1));
}

TEST(book, tells_a_client_that_asks_again_that_its_schedule_is_there) {
  Book book;
  const Instant now = moment("2026-11-21T00:00:00Z");
  EXPECT_TRUE(book.create(definition("rate(1 day)"), "token", now).has_value());
  EXPECT_TRUE(book.create(definition("rate(1 day)"), "token", now).has_value());
  EXPECT_THAT(book.create(definition("rate(1 day)"), "other", now).error().text(),
              StartsWith("ConflictException: "));
  EXPECT_THAT(book.find("weekly").error().text(), StartsWith("ResourceNotFoundException: "));
}

TEST(definition, is_the_same_after_it_was_kept) {
  auto made = definition("cron(0 2 ? * SUN *)", CatchUp::all);
  made.window = minutes(15);
  made.start = moment("2026-11-21T00:00:00.125Z");
  made.end = moment("2027-11-21T00:00:00Z");
  made.is_enabled = false;
  made.is_deleted_when_over = true;
  made.description = "d";
  made.retries_max = 7;
  made.age_max = minutes(5);
  const auto again = parse_definition(made.to_json());
  ASSERT_TRUE(again.has_value()) << again.error().text();
  EXPECT_EQ(again->to_json(), made.to_json());
}

TEST(definition, refuses_by_name_what_is_not_offered) {
  const auto refusal = [](std::string_view member, Value value) {
    const auto parsed =
        parse_definition(definition("rate(1 day)").to_json().with(member, std::move(value)));
    return parsed ? std::string("taken") : parsed.error().text();
  };
  const auto target = [](const char* arn) {
    return Value::object({{"Arn", arn}, {"RoleArn", "r"}});
  };
  EXPECT_THAT(refusal("GroupName", "others"), HasSubstr("Schedule group others does not exist"));
  EXPECT_THAT(refusal("Target", target("arn:aws:sqs:us-east-1:000000000000:queue")),
              HasSubstr("the target arn:aws:sqs"));
  EXPECT_THAT(refusal("Target", target("nothing")), HasSubstr("no ARN: nothing"));
  EXPECT_THAT(refusal("Target", target("arn:aws:states:us-east-1:000000000000:stateMachine:m")
                                    .with("DeadLetterConfig", Value::object())),
              HasSubstr("Target.DeadLetterConfig is not offered"));
  EXPECT_THAT(
      refusal("Target",
              target("arn:aws:states:us-east-1:000000000000:stateMachine:m").with("Input", "{")),
      HasSubstr("Target.Input is no JSON"));
  EXPECT_THAT(refusal("ScheduleExpressionTimezone", "Mars/Olympus"), HasSubstr("Mars/Olympus"));
  EXPECT_THAT(refusal("ScheduleExpression", "hourly"), HasSubstr("hourly"));
  EXPECT_THAT(refusal("FlexibleTimeWindow", Value::object({{"Mode", "FLEXIBLE"}})),
              HasSubstr("MaximumWindowInMinutes"));
}

}  // namespace
}  // namespace pawl::schedules
