#include "schedules/scheduler.h"

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "json/parse.h"
#include "world/moment.h"

namespace pawl::schedules {
namespace {

constexpr Duration look_interval = seconds(10);  // clocks are set
// "All schedule types on EventBridge Scheduler invoke their targets with 60 second precision."
constexpr Duration lateness_max = seconds(60);

Error stopping() {
  return Error(ErrorCode::unavailable, "ServiceUnavailable: the server is stopping",
               "Try again when it has started.");
}

}  // namespace

// What the loop's thread owns; only the inbox is shared.
struct Scheduler::Loop {
  Loop(engine::Engine& engine, store::Store& store, world::Clock& clock)
      : engine(engine), store(store), clock(clock) {}

  struct Message {
    std::function<Answer(Book&, Instant)> command;
    std::function<void(const Error&)> refuse;
  };

  void push(Message message);
  std::deque<Message> take();
  void run();
  Result<void> turn();
  bool launch(Instant now);  // false: there was nothing to start
  Result<void> commit();
  void end(const Error& error);

  engine::Engine& engine;
  store::Store& store;
  world::Clock& clock;
  Book book;
  std::thread thread;

  std::mutex mutex;  // guards the rest
  std::condition_variable arrived;
  std::deque<Message> inbox;
  bool is_open = true;
};

void Scheduler::Loop::push(Message message) {
  {
    std::lock_guard lock(mutex);
    if (is_open) {
      inbox.push_back(std::move(message));
      arrived.notify_one();
      return;
    }
  }
  message.refuse(stopping());
}

std::deque<Scheduler::Loop::Message> Scheduler::Loop::take() {
  std::lock_guard lock(mutex);
  return std::exchange(inbox, {});
}

void Scheduler::Loop::run() {
  for (;;) {
    Duration at_most = look_interval;
    if (const auto look = book.next_look()) at_most = std::min(at_most, *look - clock.now());
    {
      std::unique_lock lock(mutex);
      if (at_most > Duration::zero())
        arrived.wait_for(lock, at_most, [&] { return !inbox.empty() || !is_open; });
      if (!is_open && inbox.empty()) return;
    }
    const auto turned = turn();
    if (!turned) return end(turned.error());
  }
}

Result<void> Scheduler::Loop::turn() {
  const Instant now = clock.now();
  book.settle({.now = now,
               .lateness_max = lateness_max,
               .why_missed = "the clock was set forward, or the server stood still"});
  std::vector<Answer> answers;
  for (Message& message : take()) answers.push_back(message.command(book, now));
  auto committed = commit();
  if (committed && launch(now)) committed = commit();
  for (const Answer& answer : answers) answer(committed ? nullptr : &committed.error());
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

Result<void> Scheduler::Loop::commit() {
  std::vector<store::Write> rows = book.take_rows();
  if (rows.empty()) return {};
  std::promise<Result<void>> committed;
  engine.ask(engine::KeepRows{std::move(rows)},
             [&](Result<void> result) { committed.set_value(std::move(result)); });
  return committed.get_future().get();
}

// What is in memory may be ahead of the disk, so nothing may be decided on it any more.
void Scheduler::Loop::end(const Error& error) {
  log(LogLevel::error, "the scheduler stops", {{"error", error.text()}});
  {
    std::lock_guard lock(mutex);
    is_open = false;
  }
  for (const Message& message : take()) message.refuse(error);
}

Scheduler::Scheduler(engine::Engine& engine, store::Store& store, world::Clock& clock)
    : loop_(std::make_unique<Loop>(engine, store, clock)) {}

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
  loop_->thread = std::thread([this] { loop_->run(); });
  return {};
}

void Scheduler::stop() {
  if (!loop_->thread.joinable()) return;
  {
    std::lock_guard lock(loop_->mutex);
    loop_->is_open = false;
    loop_->arrived.notify_one();
  }
  loop_->thread.join();
}

void Scheduler::post(std::function<Answer(Book&, Instant)> command,
                     std::function<void(const Error&)> refuse) {
  loop_->push({std::move(command), std::move(refuse)});
}

void Scheduler::run_by_hand(const std::string& name, engine::Reply<Run> reply) {
  post(
      [name, reply](Book& book, Instant now) -> Answer {
        auto begun = book.run_by_hand(name, now);
        return [&book, name, now, reply, begun](const Error* failed) {
          if (failed != nullptr) return reply(*failed);
          if (!begun) return reply(begun.error());
          const auto schedule = book.find(name);
          const Run* run = schedule ? (*schedule)->run(now, Trigger::by_hand) : nullptr;
          if (run == nullptr) return reply(Run{.due = now, .trigger = Trigger::by_hand});
          reply(*run);
        };
      },
      [reply](const Error& error) { reply(error); });
}

}  // namespace pawl::schedules
