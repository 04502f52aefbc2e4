#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pawl::store {

// Where the last record of an execution is, for those that have moved since the last checkpoint; of
// the others, the execution's row says it. So a commit writes no row per record, and memory holds a
// bounded number of heads however many executions sleep.
class JournalHeads {
 public:
  using Moved = std::unordered_map<int64_t, int64_t>;

  std::optional<int64_t> find(int64_t execution_id) const {
    std::lock_guard lock(mutex_);
    const auto found = heads_.find(execution_id);
    if (found == heads_.end()) return std::nullopt;
    return found->second;
  }
  // What a commit has moved, once it is durable.
  void publish(const Moved& moved) {
    std::lock_guard lock(mutex_);
    for (const auto& [execution_id, position] : moved) heads_[execution_id] = position;
  }
  // The rows say it now.
  void clear() {
    std::lock_guard lock(mutex_);
    heads_.clear();
  }
  Moved all() const {
    std::lock_guard lock(mutex_);
    return heads_;
  }
  size_t size() const {
    std::lock_guard lock(mutex_);
    return heads_.size();
  }

 private:
  mutable std::mutex mutex_;
  Moved heads_;
};

}  // namespace pawl::store
