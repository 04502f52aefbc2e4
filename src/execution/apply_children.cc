#include "execution/fold.h"

namespace pawl::execution {

bool Fold::start_children() {
  OnChildren waiting;
  if (std::holds_alternative<asl::Map>(frame_.state->kind)) {
    if (event_.type != EventType::map_started || !event_.value.is_array()) return false;
    waiting.items = event_.value;
    waiting.concurrency_max = event_.number;
    waiting.results.resize(event_.value.size());
    follow(frame_);
    waiting.spawned_after = frame_.last_event;
    live_.set_waiting(frame_, std::move(waiting));
    return true;
  }
  if (event_.type != EventType::parallel_started) return false;
  const auto& branches = std::get<asl::Parallel>(frame_.state->kind).branches;
  waiting.results.resize(branches.size());
  follow(frame_);
  live_.set_waiting(frame_, std::move(waiting));
  for (size_t index = 0; index < branches.size(); ++index) {
    Frame& branch = live_.add_child(frame_, static_cast<int64_t>(index), branches[index]);
    branch.input = event_.value;
    branch.last_event = frame_.last_event;
  }
  return true;
}

bool Fold::start_iteration() {
  auto* waiting = frame_.waits<OnChildren>();
  if (!is_in<asl::Map>(frame_) || waiting == nullptr || event_.number != waiting->next_index ||
      event_.number >= static_cast<int64_t>(waiting->results.size()))
    return false;
  ++waiting->next_index;
  Frame& iteration =
      live_.add_child(frame_, event_.number, std::get<asl::Map>(frame_.state->kind).processor);
  iteration.input = event_.value;
  if (iteration.teller != iteration.id) {
    iteration.last_event = number_after(waiting->spawned_after);
    return true;
  }
  // Its first state follows nothing, like that of any execution.
  stamp_ = {iteration.next_event++, 0};
  if (MapRun* run = waiting->run.get())
    run->children.push_back(
        {.started = now_,
         .input = event_.value,
         .items = run->is_batched ? static_cast<int64_t>(event_.value["Items"].size()) : 1});
  return true;
}

// Before the first iteration: other items take the place of those that were found.
bool Fold::batch() {
  auto* waiting = frame_.waits<OnChildren>();
  if (!is_in<asl::Map>(frame_) || waiting == nullptr || waiting->next_index != 0 ||
      !event_.value.is_array())
    return false;
  waiting->items = event_.value;
  waiting->results.assign(event_.value.size(), {});
  if (waiting->run) {
    waiting->run->is_batched = true;
    waiting->run->executions = static_cast<int64_t>(event_.value.size());
  }
  return true;
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
  waiting->run->items = waiting->run->executions = static_cast<int64_t>(waiting->results.size());
  return true;
}

bool Fold::end_run() {
  auto* waiting = frame_.waits<OnChildren>();
  if (waiting == nullptr) return false;
  follow(frame_);
  if (!waiting->run) return true;
  const bool is_good = event_.type == EventType::map_run_succeeded;
  waiting->run->status = is_good ? Status::succeeded : Status::failed;
  waiting->run->stopped = now_;
  return true;
}

bool Fold::redrive_run() {
  auto* waiting = frame_.waits<OnChildren>();
  if (waiting == nullptr || !waiting->run) return false;
  follow(frame_);
  waiting->run->status = Status::running;
  waiting->run->stopped.reset();
  waiting->run->redrives = event_.number;
  waiting->run->redriven = now_;
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
  const ChildRun before = std::move(run->children[static_cast<size_t>(frame_.index)]);
  run->children[static_cast<size_t>(frame_.index)] = {.started = before.started,
                                                      .input = before.input,
                                                      .items = before.items,
                                                      .redrives = before.redrives + 1};
  follow_below(live_, frame_, number_after(frame_.last_event));
  return true;
}

bool Fold::plan_run() {
  auto* waiting = frame_.waits<OnChildren>();
  if (waiting == nullptr || !waiting->run || !event_.value.is_object()) return false;
  waiting->run->plan(event_.value);
  waiting->concurrency_max = waiting->run->concurrency_max;
  waiting->failures_max = waiting->run->tolerated();
  return true;
}

// REQUIRES: no child is at work. Those that have not succeeded stay, for a redrive.
bool Fold::request(std::string_view resource) {
  auto* waiting = frame_.waits<OnChildren>();
  const bool writes = resource == write_results_resource;
  if (waiting == nullptr || !waiting->run || waiting->run->errand) return false;
  if (writes ? !std::get<asl::Map>(frame_.state->kind).writer : waiting->next_index != 0)
    return false;
  OnChildren asking = std::move(*waiting);
  waiting->running.clear();
  asking.run->errand = Errand{.id = live_.next_effect++,
                              .resource = resource,
                              .request = event_.value,
                              .since = now_,
                              .error = event_.error,
                              .cause = event_.cause};
  live_.set_waiting(frame_, std::move(asking));
  return true;
}

bool Fold::take_items() {
  auto* waiting = frame_.waits<OnChildren>();
  const bool is_asked = waiting != nullptr && waiting->run && waiting->run->errand;
  if (!is_asked || waiting->next_index != 0 || !event_.value.is_array()) return false;
  OnChildren knowing = std::move(*waiting);
  live_.set_waiting(frame_, {});
  knowing.items = event_.value;
  knowing.results.assign(event_.value.size(), {});
  knowing.run->errand.reset();
  knowing.run->has_items = true;
  knowing.run->items = knowing.run->executions = static_cast<int64_t>(event_.value.size());
  knowing.failures_max = knowing.run->tolerated();
  live_.set_waiting(frame_, std::move(knowing));
  return true;
}

bool Fold::children() {
  Frame* parent = frame_.parent;
  switch (event_.type) {
    case EventType::parallel_started:
    case EventType::map_started:
      return is_in<asl::Parallel, asl::Map>(frame_) && start_children();
    case EventType::iteration_started:
      return start_iteration();
    case EventType::map_batched:
      return batch();
    case EventType::map_run_started:
      return is_in<asl::Map>(frame_) && start_run();
    case EventType::map_run_succeeded:
    case EventType::map_run_failed:
      return is_in<asl::Map>(frame_) && end_run();
    case EventType::map_run_redriven:
      return is_in<asl::Map>(frame_) && redrive_run();
    case EventType::child_redriven:
      return redrive_child();
    case EventType::map_planned:
      return is_in<asl::Map>(frame_) && plan_run();
    case EventType::items_requested:
      return is_in<asl::Map>(frame_) && request(read_items_resource);
    case EventType::items_read:
      return is_in<asl::Map>(frame_) && take_items();
    case EventType::results_requested:
      return is_in<asl::Map>(frame_) && request(write_results_resource);
    case EventType::map_tolerates:
      if (!is_in<asl::Map>(frame_) || frame_.waits<OnChildren>() == nullptr) return false;
      frame_.waits<OnChildren>()->failures_max = event_.number;
      return true;
    case EventType::branch_succeeded:
      if (parent == nullptr || frame_.is_inside) return false;
      parent->waits<OnChildren>()->results[static_cast<size_t>(frame_.index)] = frame_.input;
      parent->last_event = frame_.last_event;
      live_.drop(frame_.id);
      return true;
    case EventType::branch_failed:
      if (parent == nullptr) return false;
      parent->last_event = frame_.last_event;
      return true;
    case EventType::children_succeeded:
      if (!is_in<asl::Parallel, asl::Map>(frame_)) return false;
      number_after(frame_.last_event);  // what follows stands beside it, not behind it
      live_.set_waiting(frame_, {});
      return true;
    default:  // children_failed
      if (!is_in<asl::Parallel, asl::Map>(frame_)) return false;
      follow(frame_);
      live_.give_up(frame_);
      return true;
  }
}

// The iteration's own last event, not the one that says it is over, is what the next one follows.
bool Fold::end_iteration(const json::Value& result) {
  Frame& map = *frame_.parent;
  auto& waiting = *map.waits<OnChildren>();
  waiting.results[static_cast<size_t>(frame_.index)] = result;
  const int64_t number = number_after(frame_.last_event);
  if (frame_.teller != frame_.id) {
    waiting.spawned_after = frame_.last_event;
    map.last_event = number;
  }
  live_.drop(frame_.id);
  return true;
}

// Notes it where the iteration is one of a map run.
void Fold::end_child(Status status, const json::Value& output) {
  MapRun* run = frame_.parent->waits<OnChildren>()->run.get();
  if (run == nullptr) return;
  ChildRun& child = run->children[static_cast<size_t>(frame_.index)];
  child.status = status;
  child.stopped = now_;
  child.output = output;
  child.error = event_.error;
  child.cause = event_.cause;
}

bool Fold::iterations() {
  switch (event_.type) {
    case EventType::iteration_succeeded:
      if (frame_.is_inside) return false;
      end_child(Status::succeeded, frame_.input);
      return end_iteration(frame_.input);
    case EventType::iteration_aborted: {
      const Frame* failed = live_.find(static_cast<FrameId>(event_.number));
      if (failed == nullptr) return false;
      end_child(Status::aborted, {});
      number_after(frame_.teller == frame_.id ? 0 : failed->last_event);
      return true;
    }
    default: {  // iteration_failed
      end_child(Status::failed, {});
      auto& children = *frame_.parent->waits<OnChildren>();
      // One that is not tolerated ends the Map, and is there again after a redrive.
      if (children.run)
        children.failures += children.run->children[static_cast<size_t>(frame_.index)].items;
      else if (event_.number == 1)
        ++children.failures;
      if (event_.number == 1)
        return end_iteration(
            json::Value::object({{"Error", event_.error}, {"Cause", event_.cause}}));
      number_after(frame_.last_event);
      if (frame_.teller != frame_.id) frame_.parent->last_event = frame_.last_event;
      return true;
    }
  }
}

}  // namespace pawl::execution
