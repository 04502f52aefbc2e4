#include "execution/fold.h"

namespace pawl::execution {

namespace {

// So many branches or iterations there will be.
void expect(OnChildren& waiting, size_t count) {
  waiting.count = static_cast<int64_t>(count);
  waiting.results.assign(count, {});
}

}  // namespace

bool Fold::start_children() {
  OnChildren waiting;
  if (std::holds_alternative<asl::Map>(frame_.state->kind)) {
    if (event_.type != EventType::map_started || !event_.value.is_array()) return false;
    waiting.items = event_.value;
    waiting.concurrency_max = event_.number;
    expect(waiting, event_.value.size());
    follow(frame_);
    waiting.spawned_after = frame_.last_event;
    live_.set_waiting(frame_, std::move(waiting));
    return true;
  }
  if (event_.type != EventType::parallel_started) return false;
  const auto& branches = std::get<asl::Parallel>(frame_.state->kind).branches;
  expect(waiting, branches.size());
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
  if (!is_in<asl::Map>(frame_) || waiting == nullptr || event_.number != waiting->next_index)
    return false;
  const json::Value* item = waiting->item(event_.number);
  if (item == nullptr) return false;
  ++waiting->next_index;
  Frame& iteration =
      live_.add_child(frame_, event_.number, std::get<asl::Map>(frame_.state->kind).processor);
  iteration.input = event_.value;
  iteration.item = *item;
  if (iteration.teller != iteration.id) {
    iteration.last_event = number_after(waiting->spawned_after);
    return true;
  }
  // Its first state follows nothing, like that of any execution.
  stamp_ = {iteration.next_event++, 0};
  MapRun* run = waiting->run.get();
  if (run != nullptr && run->stream)
    run->stream->bytes_waiting -= static_cast<int64_t>(item->text_size());
  if (run != nullptr)
    run->begin_child(
        event_.number,
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
  expect(*waiting, event_.value.size());
  if (waiting->run) {
    waiting->run->is_batched = true;
    waiting->run->executions = static_cast<int64_t>(event_.value.size());
  }
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
    case EventType::child_redriven:
      return redrive_child();
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
    case EventType::children_failed:
      if (!is_in<asl::Parallel, asl::Map>(frame_)) return false;
      follow(frame_);
      live_.give_up(frame_);
      return true;
    default:
      return is_in<asl::Map>(frame_) && map_run();
  }
}

// The iteration's own last event, not the one that says it is over, is what the next one follows.
bool Fold::end_iteration(const json::Value& result) {
  Frame& map = *frame_.parent;
  auto& waiting = *map.waits<OnChildren>();
  if (const auto at = static_cast<size_t>(frame_.index); at < waiting.results.size())
    waiting.results[at] = result;
  if (waiting.run) let_go(*waiting.run);
  const int64_t number = number_after(frame_.last_event);
  if (frame_.teller != frame_.id) {
    waiting.spawned_after = frame_.last_event;
    map.last_event = number;
  }
  live_.drop(frame_.id);
  return true;
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
        children.failures += children.run->children.at(frame_.index).items;
      else if (event_.number == 1)
        ++children.failures;
      if (children.run && event_.number == 1)
        children.run->failures_tolerated += children.run->children.at(frame_.index).items;
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
