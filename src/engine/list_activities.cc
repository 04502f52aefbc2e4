#include "engine/loop.h"
#include "engine/past.h"
#include "engine/service_errors.h"

namespace pawl::engine {

void Engine::Loop::take(ListActivities command) {
  turn.answer(std::move(command.reply), list_activities(command.execution_arn));
}

Result<std::vector<LiveActivity>> Engine::Loop::list_activities(const std::string& arn) {
  std::vector<LiveActivity> live;
  const OpenExecution* found = TRY(awake(arn));
  if (found == nullptr) {
    if (!TRY(stored_row(store, arn))) return execution_does_not_exist(arn);
    return live;
  }
  for (execution::Activity& activity : found->execution.activities()) {
    LiveActivity each{
        .activity = activity, .resource = {}, .progress = {}, .child_execution_arn = {}};
    const auto task = found->tasks.find(activity.effect);
    if (task != found->tasks.end()) {
      each.resource = task->second.resource;
      each.progress = task->second.progress;
    }
    const auto* child = children.child_of(found->row.id, activity.effect);
    if (child != nullptr) each.child_execution_arn = child->arn;
    live.push_back(std::move(each));
  }
  return live;
}

}  // namespace pawl::engine
