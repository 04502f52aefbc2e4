#include "execution/history.h"

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
      return show_execution(texts, live, event);
    case EventType::entered:
    case EventType::exited:
    case EventType::state_aborted:
      return show_state(texts, live, *frame, event);
    case EventType::task_scheduled:
    case EventType::task_started:
    case EventType::task_submitted:
    case EventType::task_succeeded:
    case EventType::task_failed:
    case EventType::task_timed_out:
      return show_task(texts, live, *frame, event);
    default:
      return show_children(*frame, event);
  }
}

// REQUIRES: the records before this one have been folded into `live`.
Result<void> add_record(Texts& texts, Live& live, std::string_view record,
                        std::vector<HistoryEvent>& events) {
  auto reader = TRY(RecordReader::open(live, record));
  while (auto event = TRY(reader.next())) {
    Shown shown;
    if (is_shown(live, *event)) shown = show(texts, live, *event);
    const Stamp stamp = TRY(apply(live, *event, reader.now()));
    if (stamp.id == 0) continue;
    if (shown.details_name.empty()) shown.details = {};
    events.push_back({stamp.id, stamp.previous, reader.now(), std::move(shown.type),
                      std::move(shown.details_name), std::move(shown.details)});
  }
  return {};
}

}  // namespace

Result<std::vector<HistoryEvent>> history(const asl::Machine& machine, const Identity& identity,
                                          std::span<const std::string> records) {
  Live live(machine, identity);
  Texts texts;
  std::vector<HistoryEvent> events;
  for (const auto& record : records) TRY(add_record(texts, live, record, events));
  return events;
}

}  // namespace pawl::execution
