#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "engine/engine.h"
#include "engine/timers.h"

namespace pawl::engine {

// Effects that go outside once the turn is durable.
struct RunTask {
  TaskRunner* runner;
  TaskRequest request;
};
struct EndTask {
  TaskRunner* runner;
  std::string task_id;
};
struct StartTimer {
  Timer timer;
};
struct EndTimer {
  Timer timer;
};
struct OfferTask {
  int64_t execution_id;
  execution::EffectId effect;
  json::Value input;
};
using Act = std::variant<RunTask, EndTask, StartTimer, EndTimer, OfferTask>;

// What one turn of the loop has gathered: what to commit, and what to do and say afterwards.
struct Turn {
  std::vector<store::Write> writes;
  std::vector<Act> acts;
  // Called with null when all is durable, else with why it is not.
  std::vector<std::function<void(const Error*)>> replies;
  std::vector<int64_t> closed;   // executions to be forgotten
  std::vector<int64_t> decided;  // those that have moved, or were fetched
  size_t handled = 0;            // commands
  int64_t work = 0;              // what they have cost (execution::Decision)
  bool changes_catalogue = false;

  // What is folded back is work, too: an event of a record takes about so many bytes.
  void count_record(size_t bytes) {
    constexpr size_t bytes_per_event = 8;
    work += static_cast<int64_t>(bytes / bytes_per_event);
  }
  // So is what clients bring along.
  void count_bytes(size_t bytes) {
    constexpr size_t bytes_per_work = 256;
    work += static_cast<int64_t>(bytes / bytes_per_work);
  }

  template <typename T>
  void answer(Reply<T> reply, Result<T> result) {
    if (!reply) return;
    replies.push_back([reply = std::move(reply), result = std::move(result)](const Error* failed) {
      if (failed != nullptr) return reply(*failed);
      reply(result);
    });
  }
};

}  // namespace pawl::engine
