#include "execution/map_run_list.h"

#include <algorithm>

#include "execution/record/record.h"

namespace pawl::execution {
namespace {

const MapRun* run_of(const Frame* frame) {
  const auto* children = frame == nullptr ? nullptr : frame->waits<OnChildren>();
  return children == nullptr ? nullptr : children->run.get();
}

// The runs as they come by, each as it was last seen.
class List {
 public:
  void see(const MapRun& run) {
    const auto known = std::find_if(runs_.begin(), runs_.end(),
                                    [&](const MapRun& each) { return each.arn == run.arn; });
    if (known == runs_.end()) {
      runs_.push_back(run);
    } else if (known->status == Status::running || run.redrives > known->redrives) {
      *known = run;
    }
  }
  // Something else has ended it, and the children that were at work.
  void see_cut_off(const MapRun& run, Instant now, Status status) {
    MapRun ended = run;
    ended.cut_off(now, status);
    see(ended);
  }
  std::vector<MapRun> take() { return std::move(runs_); }

 private:
  std::vector<MapRun> runs_;
};

bool closes(EventType type) {
  return type == EventType::failed || type == EventType::aborted || type == EventType::timed_out;
}

void look_before(const Live& live, const Event& event, Instant now, List& list) {
  if (closes(event.type)) {
    for (const Frame* frame : live.frames())
      if (const MapRun* run = run_of(frame); run && run->status == Status::running)
        list.see_cut_off(*run, now, Status::aborted);
    return;
  }
  const MapRun* run = run_of(live.find(event.frame));
  if (run == nullptr || run->status != Status::running) return;
  const bool is_failure =
      event.type == EventType::children_failed || event.type == EventType::retry_set;
  if (is_failure) list.see_cut_off(*run, now, Status::failed);
  if (event.type == EventType::state_aborted) list.see_cut_off(*run, now, Status::aborted);
}

void look_after(const Live& live, const Event& event, List& list) {
  const bool is_told =
      event.type == EventType::map_run_started || event.type == EventType::map_run_succeeded ||
      event.type == EventType::map_run_redriven || event.type == EventType::map_run_failed;
  const MapRun* run = is_told ? run_of(live.find(event.frame)) : nullptr;
  if (run != nullptr) list.see(*run);
}

}  // namespace

Result<std::vector<MapRun>> map_runs(const asl::Machine& machine, const Identity& identity,
                                     std::span<const std::string> records, Children children) {
  Live live(machine, identity);
  live.keeps_children = children == Children::told;
  List list;
  for (const std::string& record : records) {
    auto reader = TRY(RecordReader::open(live, record));
    while (auto event = TRY(reader.next())) {
      look_before(live, *event, reader.now(), list);
      TRY(apply(live, *event, reader.now()));
      look_after(live, *event, list);
    }
  }
  for (const Frame* frame : live.frames())
    if (const MapRun* run = run_of(frame)) list.see(*run);
  return list.take();
}

}  // namespace pawl::execution
