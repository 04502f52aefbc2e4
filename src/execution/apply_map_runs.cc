#include "execution/fold.h"
#include "execution/map_results.h"

namespace pawl::execution {

// What happens to the run of a distributed Map.
bool Fold::map_run() {
  auto* waiting = frame_.waits<OnChildren>();
  if (waiting == nullptr || !waiting->run) return false;
  switch (event_.type) {
    case EventType::map_run_succeeded:
    case EventType::map_run_failed:
      return end_run(*waiting->run);
    case EventType::map_run_redriven:
      return redrive_run(*waiting->run);
    case EventType::map_planned:
      return plan_run(*waiting);
    case EventType::items_requested:
    case EventType::window_requested:
      return request_items(*waiting);
    case EventType::items_read:
      return take_items(*waiting);
    case EventType::window_read:
      return take_window(*waiting);
    case EventType::part_requested:
      return request_part(*waiting);
    case EventType::part_written:
      return take_part(*waiting->run);
    case EventType::results_requested:
      return request_results(*waiting->run);
    default:
      return false;
  }
}

bool Fold::start_run() {
  auto* waiting = frame_.waits<OnChildren>();
  if (waiting == nullptr || waiting->next_index != 0 || !event_.value.is_string()) return false;
  follow(frame_);
  waiting->run = std::make_unique<MapRun>();
  waiting->run->arn = event_.value.string();
  waiting->run->state = frame_.state->name;
  if (const Frame& teller = *live_.find(frame_.teller); teller.id != root_id)
    if (const MapRun* around = teller.parent->waits<OnChildren>()->run.get())
      waiting->run->child_arn = child_arn({around->arn, teller.index});
  waiting->run->started = now_;
  waiting->run->concurrency_max = waiting->concurrency_max;
  waiting->run->has_items = !std::get<asl::Map>(frame_.state->kind).reader;
  waiting->run->items = waiting->run->executions = waiting->count;
  return true;
}

bool Fold::end_run(MapRun& run) {
  follow(frame_);
  const bool is_good = event_.type == EventType::map_run_succeeded;
  run.status = is_good ? Status::succeeded : Status::failed;
  run.stopped = now_;
  return true;
}

bool Fold::redrive_run(MapRun& run) {
  follow(frame_);
  run.status = Status::running;
  run.stopped.reset();
  run.redrives = event_.number;
  run.redriven = now_;
  return true;
}

namespace {

// Whatever happens to the frame and below it follows the event.
void follow_below(Live& live, Frame& frame, int64_t event) {
  frame.last_event = event;
  if (const auto* children = frame.waits<OnChildren>())
    for (const auto& [index, id] : children->running)
      if (Frame& child = *live.find(id); child.teller == frame.teller)
        follow_below(live, child, event);
}

}  // namespace

bool Fold::redrive_child() {
  MapRun* run = frame_.is_iteration() ? frame_.parent->waits<OnChildren>()->run.get() : nullptr;
  if (run == nullptr || frame_.teller != frame_.id) return false;
  run->redrive_child(frame_.index);
  follow_below(live_, frame_, number_after(frame_.last_event));
  return true;
}

bool Fold::plan_run(OnChildren& waiting) {
  if (!event_.value.is_object()) return false;
  waiting.run->plan(event_.value);
  waiting.concurrency_max = waiting.run->concurrency_max;
  waiting.failures_max = waiting.run->tolerated();
  return true;
}

bool Fold::send_out(Errand errand) {
  errand.id = live_.next_effect++;
  errand.since = now_;
  MapRun& run = *frame_.waits<OnChildren>()->run;
  live_.change_waiting(frame_, [&] { run.errand = std::move(errand); });
  return true;
}

// All of them, or the first window; later ones are found by what the first request was.
bool Fold::request_items(OnChildren& waiting) {
  MapRun& run = *waiting.run;
  const bool is_first = event_.type == EventType::items_requested;
  if (run.errand || (is_first ? waiting.next_index != 0 : !run.stream)) return false;
  if (is_first) run.reading = event_.value;
  return send_out({.resource = read_items_resource});
}

bool Fold::take_items(OnChildren& waiting) {
  MapRun& run = *waiting.run;
  if (!run.errand || waiting.next_index != 0 || !event_.value.is_array()) return false;
  waiting.items = event_.value;
  waiting.count = static_cast<int64_t>(event_.value.size());
  waiting.results.assign(event_.value.size(), {});
  run.has_items = true;
  run.items = run.executions = waiting.count;
  waiting.failures_max = run.tolerated();
  live_.change_waiting(frame_, [&] { run.errand.reset(); });
  return true;
}

// {Inputs: […], Rest: […], Next: …, Total: n}: what further iterations get, the items that are no
// whole batch yet, where the next window begins or null, and how many items there are in all.
bool Fold::take_window(OnChildren& waiting) {
  MapRun& run = *waiting.run;
  const json::Value inputs = event_.value["Inputs"];
  if (!run.errand || event_.number < 0 || !inputs.is_array()) return false;
  json::Value::Array items;
  for (int64_t index = waiting.next_index; index < waiting.count; ++index)
    items.push_back(*waiting.item(index));
  if (!run.stream) run.stream.emplace();
  for (const json::Value& input : inputs.elements()) {
    run.stream->bytes_waiting += static_cast<int64_t>(input.text_size());
    items.push_back(input);
  }
  waiting.items = std::move(items);
  waiting.first_item = waiting.next_index;
  waiting.count += static_cast<int64_t>(inputs.size());
  if (!run.writes_results()) waiting.results.resize(static_cast<size_t>(waiting.count));
  run.stream->next = event_.value["Next"];
  run.stream->rest = event_.value["Rest"];
  run.stream->items += event_.number;
  run.has_items = true;
  run.is_batched = std::get<asl::Map>(frame_.state->kind).batcher.has_value();
  run.items = event_.value.integer_at("Total").value_or(run.items);
  run.executions = run.is_batched ? waiting.count : run.items;
  waiting.failures_max = run.tolerated();
  live_.change_waiting(frame_, [&] { run.errand.reset(); });
  return true;
}

bool Fold::request_part(const OnChildren& waiting) {
  MapRun& run = *waiting.run;
  if (run.errand || !run.stream || !run.writes_results()) return false;
  std::vector<int64_t> ended;
  if (!live_.keeps_children)
    for (const auto& [index, child] : run.children)
      if (!waiting.running.contains(index)) ended.push_back(index);
  ++run.stream->parts;
  run.stream->bytes_unwritten = 0;
  return send_out({.resource = write_results_resource, .part = std::move(ended)});
}

bool Fold::take_part(MapRun& run) {
  if (!run.errand || !run.errand->part || !are_files(event_.value)) return false;
  run.stream->files = with_files(run.stream->files, event_.value);
  for (const int64_t index : *run.errand->part) run.children.erase(index);
  live_.change_waiting(frame_, [&] { run.errand.reset(); });
  return true;
}

// REQUIRES: no child is at work. Those that have not succeeded stay, for a redrive.
bool Fold::request_results(MapRun& run) {
  if (run.is_ending() || !std::get<asl::Map>(frame_.state->kind).writer) return false;
  if (run.stream) ++run.stream->parts;
  return send_out({.resource = write_results_resource,
                   .request = event_.value,
                   .error = event_.error,
                   .cause = event_.cause});
}

// Notes it where the iteration is one of a map run.
void Fold::end_child(Status status, const json::Value& output) {
  MapRun* run = frame_.parent->waits<OnChildren>()->run.get();
  if (run == nullptr) return;
  run->end_child(frame_.index, {.status = status,
                                .started = {},
                                .stopped = now_,
                                .input = {},
                                .output = output,
                                .error = event_.error,
                                .cause = event_.cause});
}

// The child has ended for good: what nobody needs of it any more is not kept.
void Fold::let_go(MapRun& run) {
  if (!run.stream || live_.keeps_children) return;
  if (run.writes_results()) {
    run.stream->bytes_unwritten += bytes_of(run.children.at(frame_.index));
    return;
  }
  const auto& writer = std::get<asl::Map>(frame_.parent->state->kind).writer;
  if (!writer || writer->transformation != "NONE") run.children.erase(frame_.index);
}

}  // namespace pawl::execution
