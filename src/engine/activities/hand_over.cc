#include "engine/loop.h"
#include "engine/service_errors.h"

namespace pawl::engine {

// How a task of an activity comes to a worker: once its record is durable it is offered; it is
// matched with the worker who has waited longest; that he has taken it is decided in a turn, and
// only when that is durable he gets it. From then on it is his until he answers or it times out, a
// crash of ours included.

void Engine::Loop::take(Ask<PollActivity> ask) {
  const auto known = store.activity(ask.request.arn);
  if (!known.has_value()) return turn.answer<ActivityTask>(std::move(ask.reply), known.error());
  if (!known->has_value())
    return turn.answer<ActivityTask>(std::move(ask.reply),
                                     activity_does_not_exist(ask.request.arn));
  if (polls.size() >= options.activity_polls_max)
    return turn.answer<ActivityTask>(std::move(ask.reply),
                                     too_many_workers(options.activity_polls_max));
  const std::string arn = ask.request.arn;
  polls.add(
      {std::move(ask.request), std::move(ask.reply), clock.now() + options.activity_poll_time});
  match(arn);
}

void Engine::Loop::offer(OfferTask offer) {
  OpenExecution* found = find_open(offer.execution_id);
  if (found == nullptr) return;
  const auto task = found->tasks.find(offer.effect);
  if (task == found->tasks.end()) return;
  const std::string arn = task->second.resource;
  task->second.place =
      activity_tasks.add(arn, {offer.execution_id, offer.effect, std::move(offer.input)});
  match(arn);
}

void Engine::Loop::match(const std::string& activity_arn) {
  while (auto task = activity_tasks.take(activity_arn)) {
    auto poll = polls.take(activity_arn);
    if (!poll) return activity_tasks.put_back(task->first, std::move(task->second));
    internal.push_back(HandOver{std::move(task->first), std::move(task->second), *std::move(poll)});
  }
}

void Engine::Loop::take(HandOver command) {
  ActivityTasks::Task& task = command.task;
  ActivityPolls::Poll& poll = command.poll;
  OpenExecution* found = find_open(task.execution_id);
  const bool is_open = found != nullptr && found->tasks.contains(task.effect);
  const std::string arn = command.place.activity_arn;
  if (!is_open) {
    // It ended on its way; the worker waits on for another.
    polls.add(std::move(poll));
    return match(arn);
  }
  if (!ActivityPolls::is_there(poll.request)) {
    activity_tasks.put_back(command.place, std::move(task));
    return match(arn);
  }
  OpenTask& taken = found->tasks.at(task.effect);
  taken.place.reset();
  const std::string token = taken.token;
  decide(*found, execution::TaskTaken{task.effect, poll.request.worker_name});
  turn.answer<ActivityTask>(std::move(poll.reply), ActivityTask{token, std::move(task.input)});
}

void Engine::Loop::end_due_polls() {
  while (auto poll = polls.take_due(clock.now())) {
    ++turn.handled;
    turn.answer<ActivityTask>(std::move(poll->reply), ActivityTask{});
  }
}

}  // namespace pawl::engine
