#include "execution/history.h"

#include <deque>
#include <iterator>

#include "base/check.h"
#include "execution/record/record.h"
#include "execution/shown.h"

namespace pawl::execution {

namespace {

Shown show(Texts& texts, Live& live, const Event& event) {
  const Frame* frame = live.find(event.frame);
  if (frame == nullptr) return {};
  switch (event.type) {
    case EventType::begun:
    case EventType::succeeded:
    case EventType::failed:
    case EventType::aborted:
    case EventType::timed_out:
    case EventType::redriven:
      return show_execution(texts, live, event);
    case EventType::entered:
    case EventType::exited:
    case EventType::state_aborted:
    case EventType::evaluation_failed:
      return show_state(texts, live, *frame, event);
    case EventType::task_scheduled:
    case EventType::task_started:
    case EventType::task_submitted:
    case EventType::task_succeeded:
    case EventType::task_failed:
    case EventType::task_timed_out:
    case EventType::task_taken:
      return show_task(texts, live, *frame, event);
    case EventType::iteration_started:
    case EventType::iteration_succeeded:
    case EventType::iteration_failed:
    case EventType::iteration_aborted:
    case EventType::child_redriven:
      if (is_of_child_execution(*frame, event)) return show_child(texts, live, *frame, event);
      [[fallthrough]];
    default:
      return show_children(*frame, event);
  }
}

// The members of details that hold data of the execution.
constexpr std::string_view data_members[] = {"input", "output", "parameters"};

json::Value without_data(json::Value details) {
  for (const auto name : data_members)
    if (details.find(name) != nullptr) details = details.without(name);
  return details;
}

// Which frame's history is asked for: the root's, or, once it has begun, a child's.
class Subject {
 public:
  explicit Subject(const std::optional<ChildPlace>& child) : child_(child) {
    if (!child_) frame_ = root_id;
  }

  // Whether the event, about to be applied, is told in it.
  bool has(const Live& live, const Event& event) {
    if (!frame_ && is_begin(live, event)) frame_ = live.next_frame();
    return frame_ && teller_of(live, event) == *frame_;
  }
  bool has_ended(const Live& live) const { return frame_ && live.find(*frame_) == nullptr; }

 private:
  bool is_begin(const Live& live, const Event& event) const {
    if (event.type != EventType::iteration_started || event.number != child_->index) return false;
    const Frame* map = live.find(event.frame);
    const auto* children = map == nullptr ? nullptr : map->waits<OnChildren>();
    return children != nullptr && children->run && children->run->arn == child_->run_arn;
  }

  const std::optional<ChildPlace>& child_;
  std::optional<FrameId> frame_;
};

// The events that are wanted, as they come by. Ids are given without gaps, so what has been seen
// tells the id of the next one before it is rendered.
class Collection {
 public:
  explicit Collection(const HistoryWindow& window) : window_(window) {}

  bool wants_next() const { return seen_ + 1 >= window_.from && seen_ + 1 < window_.before; }
  bool is_complete() const {
    return seen_ + 1 >= window_.before || (!window_.is_newest && is_full());
  }
  void pass_by() { ++seen_; }
  void add(HistoryEvent event) {
    ++seen_;
    CHECK(event.id == seen_);
    if (!window_.has_data) event.details = without_data(std::move(event.details));
    bytes_ += event.details.text_size();
    events_.push_back(std::move(event));
    while (window_.is_newest && has_one_too_many()) {
      bytes_ -= events_.front().details.text_size();
      events_.pop_front();
    }
  }
  std::vector<HistoryEvent> take() {
    return {std::make_move_iterator(events_.begin()), std::make_move_iterator(events_.end())};
  }

 private:
  bool is_full() const {
    return events_.size() >= window_.most ||
           (!events_.empty() && bytes_ - events_.back().details.text_size() > window_.bytes_most);
  }
  // Those without the oldest would be full, too.
  bool has_one_too_many() const {
    if (events_.size() > window_.most) return true;
    if (events_.size() < 2) return false;
    const size_t oldest = events_[0].details.text_size() + events_[1].details.text_size();
    return bytes_ - oldest > window_.bytes_most;
  }

  const HistoryWindow& window_;
  int64_t seen_ = 0;
  size_t bytes_ = 0;  // of the details, as text
  std::deque<HistoryEvent> events_;
};

struct Told {
  Subject& subject;
  Collection& events;
};

// REQUIRES: the records before this one have been folded into `live`.
Result<void> add_record(Texts& texts, Live& live, std::string_view record, Told told) {
  auto& [subject, events] = told;
  auto reader = TRY(RecordReader::open(live, record));
  while (auto event = TRY(reader.next())) {
    if (events.is_complete() || subject.has_ended(live)) return {};
    Shown shown;
    const bool is_told = subject.has(live, *event);
    const bool is_wanted = events.wants_next();
    if (is_told && is_wanted && is_shown(live, *event)) shown = show(texts, live, *event);
    const Stamp stamp = TRY(apply(live, *event, reader.now()));
    if (!is_told || stamp.id == 0) continue;
    if (!is_wanted) {
      events.pass_by();
      continue;
    }
    if (shown.details_name.empty()) shown.details = {};
    events.add({stamp.id, stamp.previous, reader.now(), std::move(shown.type),
                std::move(shown.details_name), std::move(shown.details)});
  }
  return {};
}

}  // namespace

Result<std::vector<HistoryEvent>> history(const asl::Machine& machine, const Identity& identity,
                                          std::span<const std::string> records,
                                          const HistoryWindow& window) {
  Live live(machine, identity);
  Texts texts;
  Subject subject(window.child);
  Collection events(window);
  for (const auto& record : records) {
    if (events.is_complete() || subject.has_ended(live)) break;
    TRY(add_record(texts, live, record, {subject, events}));
  }
  return events.take();
}

}  // namespace pawl::execution
