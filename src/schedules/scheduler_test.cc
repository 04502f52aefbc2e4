#include "schedules/scheduler.h"

#include <gmock/gmock.h>

#include <future>

#include "base/text.h"
#include "schedules/times/testing_times.h"
#include "store/sqlite_store.h"
#include "world/os_clock.h"
#include "world/scratch_directory.h"

namespace pawl::schedules {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Moved by the test.
class HandClock : public world::Clock {
 public:
  Instant now() override { return now_; }
  void pass(Duration time) { now_ = now_.load() + time; }

 private:
  std::atomic<Instant> now_ = moment("2026-11-21T00:00:30Z");
};

template <typename T>
class Waited {
 public:
  engine::Reply<T> reply() {
    return [this](Result<T> result) { promise_.set_value(std::move(result)); };
  }
  Result<T> get() { return promise_.get_future().get(); }

 private:
  std::promise<Result<T>> promise_;
};

// A server without a front door, on a store that outlives it.
struct House {
  explicit House(const std::string& directory, HandClock& clock)
      : store(*store::open_sqlite_store(directory + "/pawl.db")),
        engine({}, *store, os_clock, random),
        scheduler(engine, *store, clock) {
    EXPECT_TRUE(engine.start().has_value());
  }
  ~House() { engine.stop(); }

  void create_machine() {
    Waited<store::Machine> made;
    engine.create_machine({"m", R"({"StartAt": "P", "States": {"P": {"Type": "Succeed"}}})",
                           "arn:aws:iam::000000000000:role/r"},
                          made.reply());
    ASSERT_TRUE(made.get().has_value());
  }
  void create_schedule(const std::string& expression, CatchUp catch_up = CatchUp::last) {
    Definition definition;
    definition.name = "nightly";
    definition.expression = expression;
    definition.target_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
    definition.catch_up = catch_up;
    Waited<bool> made;
    scheduler.ask<bool>(
        [definition](Book& book, Instant now) -> Result<bool> {
          TRY(book.create(definition, "", now));
          return true;
        },
        made.reply());
    turn();
    ASSERT_TRUE(made.get().has_value());
  }
  void turn() { EXPECT_TRUE(scheduler.turn().has_value()); }

  std::vector<schedules::Run> runs() {
    Waited<std::vector<schedules::Run>> runs;
    scheduler.ask<std::vector<schedules::Run>>(
        [](Book& book, Instant) -> Result<std::vector<schedules::Run>> {
          return book.all().at("nightly").runs();
        },
        runs.reply());
    turn();
    return *runs.get();
  }
  std::vector<std::string> executions() {
    std::vector<std::string> names;
    const auto page = engine.executions({});
    for (const auto& execution : page->executions) names.push_back(execution.name);
    return names;
  }

  world::OsClock os_clock;
  world::OsRandom random;
  std::unique_ptr<store::Store> store;
  engine::Engine engine;
  Scheduler scheduler;
};

class scheduler : public testing::Test {
 protected:
  world::ScratchDirectory directory;
  HandClock clock;
};

TEST_F(scheduler, starts_an_execution_when_it_is_due_and_notes_which) {
  House house(directory.path(), clock);
  house.create_machine();
  house.create_schedule("cron(0 * ? * * *)");
  EXPECT_THAT(house.runs(), IsEmpty());
  clock.pass(hours(1));
  house.turn();
  const auto runs = house.runs();
  ASSERT_THAT(runs, SizeIs(1));
  EXPECT_EQ(runs[0].outcome, Outcome::started);
  EXPECT_TRUE(house.engine.execution(runs[0].execution_arn).has_value());
}

TEST_F(scheduler, goes_on_after_a_restart_with_what_was_noted) {
  {
    House house(directory.path(), clock);
    house.create_machine();
    house.create_schedule("cron(0 * ? * * *)");
    clock.pass(hours(1));
    house.turn();
  }
  clock.pass(hours(3));
  House house(directory.path(), clock);
  ASSERT_TRUE(house.scheduler.fold().has_value());
  house.turn();
  const auto runs = house.runs();
  ASSERT_THAT(runs, SizeIs(3));
  EXPECT_EQ(runs[0].outcome, Outcome::started);
  EXPECT_THAT(runs[1].why, HasSubstr("the server was down"));
  EXPECT_EQ(runs[1].count, 2);
  EXPECT_EQ(runs[2].outcome, Outcome::started);
  EXPECT_EQ(runs[2].trigger, Trigger::catch_up);
  EXPECT_THAT(house.executions(), SizeIs(2));
}

TEST_F(scheduler, starts_nothing_twice_when_it_dies_before_it_can_note_what_it_has_started) {
  std::string name;
  {
    House house(directory.path(), clock);
    house.create_machine();
    house.create_schedule("cron(0 * ? * * *)", CatchUp::all);
    clock.pass(hours(1));
    // What the turn would have done, up to where it dies.
    Book book;
    ASSERT_TRUE(book.fold(*house.store).has_value());
    book.settle({.now = clock.now(), .lateness_max = seconds(60)});
    const auto launches = book.launches(clock.now());
    ASSERT_THAT(launches, SizeIs(1));
    name = launches[0].execution_name;
    Waited<void> kept;
    house.engine.ask(engine::KeepRows{book.take_rows()}, kept.reply());
    ASSERT_TRUE(kept.get().has_value());
    Waited<engine::Started> started;
    house.engine.start_execution(
        {.machine_arn = launches[0].machine_arn, .name = name, .input_text = {}}, started.reply());
    ASSERT_TRUE(started.get().has_value());
  }
  House house(directory.path(), clock);
  ASSERT_TRUE(house.scheduler.fold().has_value());
  house.turn();
  const auto runs = house.runs();
  ASSERT_THAT(runs, SizeIs(1));
  EXPECT_EQ(runs[0].outcome, Outcome::started);
  EXPECT_THAT(house.executions(), ElementsAre(name));
}

TEST_F(scheduler, tries_again_after_a_restart_what_could_not_be_started) {
  {
    House house(directory.path(), clock);
    house.create_schedule("at(2026-11-21T01:00:00)");
    clock.pass(hours(1));
    house.turn();
    ASSERT_THAT(house.runs(), SizeIs(1));
    EXPECT_THAT(house.runs()[0].why, HasSubstr("StateMachineDoesNotExist"));
  }
  House house(directory.path(), clock);
  house.create_machine();
  ASSERT_TRUE(house.scheduler.fold().has_value());
  clock.pass(minutes(10));
  house.turn();
  EXPECT_EQ(house.runs().at(0).outcome, Outcome::started);
  EXPECT_THAT(house.executions(), SizeIs(1));
}

TEST_F(scheduler, runs_by_hand_what_is_not_due_and_says_what_became_of_it) {
  House house(directory.path(), clock);
  house.create_machine();
  house.create_schedule("at(2027-11-21T01:00:00)");
  Waited<schedules::Run> run, none;
  house.scheduler.run_by_hand("nightly", run.reply());
  house.scheduler.run_by_hand("weekly", none.reply());
  house.turn();
  EXPECT_EQ(run.get()->outcome, Outcome::started);
  EXPECT_THAT(none.get().error().text(), HasSubstr("weekly does not exist"));
  EXPECT_THAT(house.executions(), SizeIs(1));
}

TEST_F(scheduler, keeps_nothing_of_a_schedule_that_was_deleted) {
  {
    House house(directory.path(), clock);
    house.create_schedule("cron(0 * ? * * *)");
    Waited<bool> erased;
    house.scheduler.ask<bool>(
        [](Book& book, Instant) -> Result<bool> {
          TRY(book.erase("nightly"));
          return true;
        },
        erased.reply());
    house.turn();
    ASSERT_TRUE(erased.get().has_value());
  }
  House house(directory.path(), clock);
  Book book;
  ASSERT_TRUE(book.fold(*house.store).has_value());
  EXPECT_THAT(book.all(), IsEmpty());
  EXPECT_THAT(*house.store->documents("schedule runs"), IsEmpty());
}

TEST_F(scheduler, wakes_by_itself_and_refuses_what_comes_after_its_end) {
  House house(directory.path(), clock);
  house.create_machine();
  ASSERT_TRUE(house.scheduler.start().has_value());
  Waited<schedules::Run> none;
  house.scheduler.run_by_hand("nightly", none.reply());
  EXPECT_THAT(none.get().error().text(), HasSubstr("does not exist"));
  house.scheduler.stop();
  Waited<schedules::Run> late;
  house.scheduler.run_by_hand("nightly", late.reply());
  EXPECT_THAT(late.get().error().text(), HasSubstr("the server is stopping"));
}

}  // namespace
}  // namespace pawl::schedules
