#include "schedules/scheduler.h"

#include <future>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "engine/beside/keep_durably.h"
#include "json/parse.h"
#include "world/moment.h"

namespace pawl::schedules {
namespace {

// "All schedule types on EventBridge Scheduler invoke their targets with 60 second precision."
constexpr Duration lateness_max = seconds(60);

}  // namespace

// What the loop's thread owns; only the commands are shared.
struct Scheduler::Loop {
  Loop(engine::Engine& engine, store::Store& store, world::Clock& clock,
       engine::Commands<Book>& commands)
      : engine(engine), store(store), clock(clock), commands(commands) {}

  Result<void> turn();
  bool launch(Instant now);  // false: there was nothing to start
  Result<void> commit();

  engine::Engine& engine;
  store::Store& store;
  world::Clock& clock;
  engine::Commands<Book>& commands;
  Book book;
  std::thread thread;
};

Result<void> Scheduler::Loop::turn() {
  const Instant now = clock.now();
  book.settle({.now = now,
               .lateness_max = lateness_max,
               .why_missed = "the clock was set forward, or the server stood still"});
  const auto answers = commands.carry_out(book, now);
  auto committed = commit();
  if (committed && launch(now)) committed = commit();
  for (const auto& answer : answers) answer(committed ? nullptr : &committed.error());
  return committed;
}

// All are handed over before one is waited for, so that the engine commits them together.
bool Scheduler::Loop::launch(Instant now) {
  const std::vector<Launch> launches = book.launches(now);
  std::vector<std::promise<Result<std::string>>> started(launches.size());
  for (size_t each = 0; each < launches.size(); ++each) {
    const Launch& launch = launches[each];
    auto input = json::parse(launch.input);
    if (!input) {
      started[each].set_value(input.error());
      continue;
    }
    engine.start_execution({.machine_arn = launch.machine_arn,
                            .name = launch.execution_name,
                            .input = *std::move(input),
                            .input_text = launch.input},
                           [&promise = started[each]](Result<engine::Started> result) {
                             if (!result) return promise.set_value(result.error());
                             promise.set_value(result->execution_arn);
                           });
  }
  for (size_t each = 0; each < launches.size(); ++each) {
    const auto result = started[each].get_future().get();
    book.launched(launches[each], result, now);
    if (!result && result.error().code() != ErrorCode::already_exists)
      log(LogLevel::warning, "a scheduled execution could not be started",
          {{"schedule", launches[each].schedule}, {"error", result.error().text()}});
  }
  if (launches.empty()) return false;
  world::moment("schedule_started");
  return true;
}

Result<void> Scheduler::Loop::commit() { return engine::keep_durably(engine, book.take_rows()); }

Scheduler::Scheduler(engine::Engine& engine, store::Store& store, world::Clock& clock)
    : loop_(std::make_unique<Loop>(engine, store, clock, commands_)) {}

Scheduler::~Scheduler() { stop(); }

Result<void> Scheduler::fold() {
  TRY(loop_->book.fold(loop_->store));
  loop_->book.settle({.now = loop_->clock.now(), .why_missed = "the server was down"});
  return {};
}

Result<void> Scheduler::turn() { return loop_->turn(); }

Result<void> Scheduler::start() {
  TRY(fold());
  TRY(turn());
  loop_->thread = std::thread([this] {
    commands_.serve(
        "the scheduler", loop_->clock, [this] { return loop_->book.next_look(); },
        [this] { return loop_->turn(); });
  });
  return {};
}

void Scheduler::stop() {
  if (!loop_->thread.joinable()) return;
  commands_.close();
  loop_->thread.join();
}

void Scheduler::run_by_hand(const std::string& name, engine::Reply<Run> reply) {
  commands_.push({[name, reply](Book& book, Instant now) -> engine::Commands<Book>::Answer {
                    auto begun = book.run_by_hand(name, now);
                    return [&book, name, now, reply, begun](const Error* failed) {
                      if (failed != nullptr) return reply(*failed);
                      if (!begun) return reply(begun.error());
                      const auto schedule = book.find(name);
                      const Run* run = schedule ? (*schedule)->run(now, Trigger::by_hand) : nullptr;
                      if (run == nullptr)
                        return reply(Run{.due = now, .trigger = Trigger::by_hand});
                      reply(*run);
                    };
                  },
                  [reply](const Error& error) { reply(error); }});
}

}  // namespace pawl::schedules
