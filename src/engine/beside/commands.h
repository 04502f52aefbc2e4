#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "engine/commands.h"
#include "world/clock.h"

namespace pawl::engine {

// Told to commands that come when the server stops.
Error server_is_stopping();
// Clocks are set, so a loop looks also where nothing is due.
Duration until_next_turn(std::optional<Instant> due, Instant now);
void log_stop(std::string_view loop, const Error& error);

// The way into a loop beside the engine's, which decides on a State of its own: any thread puts
// commands in, the loop carries them out in its turn, and answers when what they changed is
// durable.
template <typename State>
class Commands {
 public:
  // With null when all is durable, else with why it is not.
  using Answer = std::function<void(const Error* failed)>;
  struct Command {
    std::function<Answer(State&, Instant now)> carry;  // the answer may be none
    std::function<void(const Error&)> refuse;          // may be none
  };

  template <typename T>
  void ask(std::function<Result<T>(State&, Instant)> command, Reply<T> reply) {
    push({[command = std::move(command), reply](State& state, Instant now) -> Answer {
            return [reply, result = command(state, now)](const Error* failed) {
              failed != nullptr ? reply(*failed) : reply(result);
            };
          },
          [reply](const Error& error) { reply(error); }});
  }

  void push(Command command) {
    std::unique_lock lock(mutex_);
    if (!refusal_) {
      waiting_.push_back(std::move(command));
      arrived_.notify_one();
      return;
    }
    const Error refusal = *refusal_;
    lock.unlock();
    if (command.refuse) command.refuse(refusal);
  }

  // Turns whenever there are some or `next_due` has come, until it is closed and none is left. A
  // turn fails where what it has decided is not durable: as memory may then be ahead of the disk,
  // nothing may be decided on it any more.
  void serve(std::string_view loop, world::Clock& clock,
             const std::function<std::optional<Instant>()>& next_due,
             const std::function<Result<void>()>& turn) {
    while (wait(until_next_turn(next_due(), clock.now()))) {
      const auto turned = turn();
      if (turned) continue;
      log_stop(loop, turned.error());
      return close(turned.error());
    }
  }

  // Those that are there, in their order. The answers are to be called.
  std::vector<Answer> carry_out(State& state, Instant now) {
    std::vector<Answer> answers;
    for (Command& command : take())
      if (Answer answer = command.carry(state, now)) answers.push_back(std::move(answer));
    return answers;
  }

  // Takes no more; those that are there are still carried out.
  void close() { refuse_from_now_on(server_is_stopping()); }

 private:
  // Until there are some, or the time is over. False: it is closed, and none is left.
  bool wait(Duration at_most) {
    std::unique_lock lock(mutex_);
    if (at_most > Duration::zero())
      arrived_.wait_for(lock, at_most, [&] { return !waiting_.empty() || refusal_; });
    return !refusal_ || !waiting_.empty();
  }

  // And those that are there are refused.
  void close(const Error& error) {
    refuse_from_now_on(error);
    for (const Command& command : take())
      if (command.refuse) command.refuse(error);
  }

  void refuse_from_now_on(const Error& error) {
    std::lock_guard lock(mutex_);
    if (!refusal_) refusal_ = error;
    arrived_.notify_one();
  }

  std::deque<Command> take() {
    std::lock_guard lock(mutex_);
    return std::exchange(waiting_, {});
  }

  std::mutex mutex_;  // guards all below
  std::condition_variable arrived_;
  std::deque<Command> waiting_;
  std::optional<Error> refusal_;  // nothing: it is open
};

}  // namespace pawl::engine
