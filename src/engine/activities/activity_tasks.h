#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/engine.h"

namespace pawl::engine {

// The tasks of activities that no worker has taken, the oldest first.
class ActivityTasks {
 public:
  struct Task {
    int64_t execution_id = 0;
    execution::EffectId effect = 0;
    json::Value input;
  };
  // A task's place in its activity's queue.
  struct Place {
    std::string activity_arn;
    uint64_t number = 0;
  };

  Place add(const std::string& activity_arn, Task task) {
    queues_[activity_arn].emplace(next_, std::move(task));
    return {activity_arn, next_++};
  }
  // A worker had gone before it got the task: it is the next one's again.
  void put_back(const Place& place, Task task) {
    queues_[place.activity_arn].emplace(place.number, std::move(task));
  }
  void remove(const Place& place) {
    const auto queue = queues_.find(place.activity_arn);
    if (queue == queues_.end()) return;
    queue->second.erase(place.number);
    if (queue->second.empty()) queues_.erase(queue);
  }
  std::optional<std::pair<Place, Task>> take(const std::string& activity_arn) {
    const auto queue = queues_.find(activity_arn);
    if (queue == queues_.end()) return std::nullopt;
    std::pair<Place, Task> oldest{{activity_arn, queue->second.begin()->first},
                                  queue->second.begin()->second};
    remove(oldest.first);
    return oldest;
  }

 private:
  std::map<std::string, std::map<uint64_t, Task>> queues_;  // by activity; none is empty
  uint64_t next_ = 1;
};

}  // namespace pawl::engine
