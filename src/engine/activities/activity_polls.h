#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace pawl::engine {

// The workers that wait for a task, who came first before the others. All wait equally long, so
// the order of their coming is the order of their deadlines.
class ActivityPolls {
 public:
  struct Poll {
    PollActivity request;
    Reply<ActivityTask> reply;
    Instant deadline;
  };

  size_t size() const { return polls_.size(); }
  void add(Poll poll) {
    by_activity_[poll.request.arn].insert(next_);
    polls_.emplace(next_++, std::move(poll));
  }
  // The first who is still there; those found gone are dropped.
  std::optional<Poll> take(const std::string& activity_arn) {
    while (by_activity_.contains(activity_arn)) {
      Poll poll = take(*by_activity_.at(activity_arn).begin());
      if (is_there(poll.request)) return poll;
    }
    return std::nullopt;
  }
  std::optional<Poll> take_due(Instant now) {
    if (polls_.empty() || polls_.begin()->second.deadline > now) return std::nullopt;
    return take(polls_.begin()->first);
  }
  std::vector<Poll> take_all(const std::string& activity_arn) {
    std::vector<Poll> taken;
    while (by_activity_.contains(activity_arn))
      taken.push_back(take(*by_activity_.at(activity_arn).begin()));
    return taken;
  }
  std::vector<Poll> take_all() {
    std::vector<Poll> taken;
    while (!polls_.empty()) taken.push_back(take(polls_.begin()->first));
    return taken;
  }
  std::optional<Instant> next_deadline() const {
    if (polls_.empty()) return std::nullopt;
    return polls_.begin()->second.deadline;
  }

  static bool is_there(const PollActivity& request) {
    return !request.is_worker_there || request.is_worker_there();
  }

 private:
  Poll take(uint64_t number) {
    const auto found = polls_.find(number);
    Poll poll = std::move(found->second);
    polls_.erase(found);
    const auto waiting = by_activity_.find(poll.request.arn);
    waiting->second.erase(number);
    if (waiting->second.empty()) by_activity_.erase(waiting);
    return poll;
  }

  std::map<uint64_t, Poll> polls_;
  std::map<std::string, std::set<uint64_t>> by_activity_;  // none is empty
  uint64_t next_ = 1;
};

}  // namespace pawl::engine
