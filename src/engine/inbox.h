#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/engine.h"

namespace pawl::engine {

// What may be asked of the loop, and what is reported to it.
struct CreateMachine {
  NewMachine machine;
  Reply<store::Machine> reply;
};
struct UpdateMachine {
  MachineChange change;
  Reply<store::Machine> reply;
};
struct DeleteMachine {
  std::string arn;
  Reply<void> reply;
};
struct StartExecution {
  NewExecution execution;
  Reply<Started> reply;
};
struct RunExecution {
  NewExecution execution;
  Reply<store::Execution> reply;
};
struct StopExecution {
  std::string arn, error, cause;
  Reply<Instant> reply;
};
struct ListActivities {
  std::string execution_arn;
  Reply<std::vector<LiveActivity>> reply;
};
struct TaskFinished {
  std::string task_id;
  asl::Outcome<json::Value> outcome;
};
struct TaskHandedOver {
  std::string task_id;
  json::Value output;
};
struct TaskProgressed {
  std::string task_id;
  Progress progress;
};
using Message =
    std::variant<CreateMachine, UpdateMachine, DeleteMachine, StartExecution, RunExecution,
                 StopExecution, ListActivities, TaskFinished, TaskHandedOver, Ask<PublishVersion>,
                 Ask<DeleteVersion>, Ask<CreateAlias>, Ask<UpdateAlias>, Ask<DeleteAlias>,
                 Ask<CreateActivity>, Ask<DeleteActivity>, Ask<ChangeTags>, Ask<PollActivity>,
                 Ask<AnswerToken>, Ask<RedriveExecution>, Ask<ChangeMapRun>, Ask<KeepRows>>;

// The way into the loop: any thread puts messages in, the loop takes them out.
class Inbox {
 public:
  // Takes the client's command, or leaves it as it is and says why not: closed, or full.
  template <typename Command>
  Result<void> push_command(Command& command) {
    std::lock_guard lock(mutex_);
    if (refusal_) return *refusal_;
    if (messages_.size() >= messages_max_) return full();
    messages_.emplace_back(std::move(command));
    wake();
    return {};
  }
  // Never refused; after the end it is forgotten, and asked for again after the next start.
  void push_report(Message report);
  // Only the latest progress of a task is kept.
  void push_progress(std::string_view task_id, Progress progress);

  // Those that have waited longest, in their order.
  std::deque<Message> take(size_t at_most);
  std::vector<TaskProgressed> take_progress();
  // Returns when there is something to take, the time is over, or the inbox is closed.
  void wait(Duration at_most);

  // From now on commands are refused with this. What was waiting is returned.
  std::deque<Message> close(Error refusal);
  // Why; nothing where it is open.
  std::optional<Error> refusal() const;
  bool is_closed() const { return refusal().has_value(); }

 private:
  static Error full();
  void wake();  // under the lock

  static const size_t messages_max_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  bool is_waited_for_ = false;  // whoever notifies the loop pays for it, so only where it sleeps
  std::deque<Message> messages_;
  std::unordered_map<std::string, Progress> progress_;
  std::optional<Error> refusal_;
};

}  // namespace pawl::engine
