#include "engine/inbox.h"

#include "base/text.h"
#include "engine/limits.h"

namespace pawl::engine {

const size_t Inbox::messages_max_ = commands_waiting_max;

void Inbox::push_report(Message report) {
  std::lock_guard lock(mutex_);
  if (refusal_) return;
  messages_.push_back(std::move(report));
  wake();
}

void Inbox::push_progress(std::string_view task_id, Progress progress) {
  std::lock_guard lock(mutex_);
  if (refusal_) return;
  progress_[std::string(task_id)] = std::move(progress);
  wake();
}

std::deque<Message> Inbox::take(size_t at_most) {
  std::lock_guard lock(mutex_);
  if (messages_.size() <= at_most) return std::exchange(messages_, {});
  const auto begin = messages_.begin(), end = begin + static_cast<ptrdiff_t>(at_most);
  std::deque<Message> taken(std::make_move_iterator(begin), std::make_move_iterator(end));
  messages_.erase(begin, end);
  return taken;
}

std::vector<TaskProgressed> Inbox::take_progress() {
  std::lock_guard lock(mutex_);
  std::vector<TaskProgressed> taken;
  for (auto& [task_id, progress] : progress_) taken.push_back({task_id, std::move(progress)});
  progress_.clear();
  return taken;
}

void Inbox::wake() {
  if (std::exchange(is_waited_for_, false)) arrived_.notify_one();
}

void Inbox::wait(Duration at_most) {
  std::unique_lock lock(mutex_);
  is_waited_for_ = true;
  arrived_.wait_for(lock, at_most, [this] {
    return !messages_.empty() || !progress_.empty() || refusal_.has_value();
  });
  is_waited_for_ = false;
}

std::deque<Message> Inbox::close(Error refusal) {
  std::lock_guard lock(mutex_);
  if (!refusal_) refusal_ = std::move(refusal);
  wake();
  progress_.clear();
  return std::exchange(messages_, {});
}

std::optional<Error> Inbox::refusal() const {
  std::lock_guard lock(mutex_);
  return refusal_;
}

Error Inbox::full() {
  return Error(ErrorCode::limit_exceeded,
               concat("ThrottlingException: ", commands_waiting_max, " commands are waiting"),
               "Try again later.");
}

}  // namespace pawl::engine
