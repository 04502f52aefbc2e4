#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "engine/beside/commands.h"
#include "engine/engine.h"
#include "schedules/book.h"
#include "store/store.h"
#include "world/clock.h"

namespace pawl::schedules {

// Starts executions when schedules are due, on a thread that sleeps until the next one or a
// change. That a run waits is durable before it is started, under a name that is always the same
// for its due time; what became of it is durable before anything else is decided. Wherever a crash
// falls, nothing is forgotten, and a second start is refused by the engine.
class Scheduler {
 public:
  Scheduler(engine::Engine& engine, store::Store& store, world::Clock& clock);
  ~Scheduler();

  // Reads the store and begins to look at the clock. What became due in the meantime was missed.
  // REQUIRES: the engine runs.
  Result<void> start();
  void stop();
  // For tests, instead of start().
  Result<void> fold();
  Result<void> turn();

  // On the scheduler's thread: `command` changes the schedules or looks at them, and the reply is
  // called when that is durable. It must not block.
  template <typename T>
  void ask(std::function<Result<T>(Book&, Instant now)> command, engine::Reply<T> reply) {
    commands_.ask(std::move(command), std::move(reply));
  }
  // One run now, whatever the schedule says; the answer is what has become of it.
  void run_by_hand(const std::string& name, engine::Reply<Run> reply);

 private:
  struct Loop;
  engine::Commands<Book> commands_;
  std::unique_ptr<Loop> loop_;
};

}  // namespace pawl::schedules
