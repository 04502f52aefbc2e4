#include "execution/live.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "execution/map_results.h"

namespace pawl::execution {

const json::Value* OnChildren::item(int64_t index) const {
  const int64_t at = index - first_item;
  if (!items.is_array() || at < 0 || at >= static_cast<int64_t>(items.size())) return nullptr;
  return &items.elements()[static_cast<size_t>(at)];
}

bool Frame::is_iteration() const {
  return parent != nullptr && std::holds_alternative<asl::Map>(parent->state->kind);
}

Live::Live(const asl::Machine& machine, Identity given)
    : machine(machine), identity(std::move(given)) {
  execution_context = json::Value::object({{"Id", identity.execution_arn},
                                           {"Input", identity.input},
                                           {"Name", identity.execution_name},
                                           {"RoleArn", identity.role_arn},
                                           {"StartTime", format_instant(identity.started)},
                                           {"RedriveCount", 0}});
  machine_context =
      json::Value::object({{"Id", identity.machine_arn}, {"Name", identity.machine_name}});
  auto root = std::make_unique<Frame>();
  root->states = &machine.states;
  root->input = identity.input;
  frames_[next_frame_++] = std::move(root);
}

Frame* Live::find(FrameId id) {
  const auto found = frames_.find(id);
  return found == frames_.end() ? nullptr : found->second.get();
}

Frame* Live::waiting_for(EffectId effect) {
  const auto found = effects_.find(effect);
  return found == effects_.end() ? nullptr : find(found->second);
}

std::vector<const Frame*> Live::frames() const {
  std::vector<const Frame*> all;
  all.reserve(frames_.size());
  for (const auto& [id, frame] : frames_) all.push_back(frame.get());
  std::sort(all.begin(), all.end(), [](auto* left, auto* right) { return left->id < right->id; });
  return all;
}

Frame& Live::add_child(Frame& parent, int64_t index, const asl::States& states) {
  auto child = std::make_unique<Frame>();
  Frame& added = *child;
  added.id = next_frame_++;
  added.parent = &parent;
  added.index = index;
  added.states = &states;
  const auto* map = std::get_if<asl::Map>(&parent.state->kind);
  const bool is_distributed = map != nullptr && map->is_distributed;
  added.teller = is_distributed ? added.id : parent.teller;
  if (!is_distributed) added.variables = parent.variables;
  parent.waits<OnChildren>()->running[index] = added.id;
  frames_[added.id] = std::move(child);
  return added;
}

void Live::set_waiting(Frame& frame, Waiting waiting) {
  for (const EffectId id : effect_ids(frame.waiting)) effects_.erase(id);
  const auto* children = frame.given_up ? frame.given_up.get() : frame.waits<OnChildren>();
  if (children != nullptr) {
    const auto running = children->running;
    for (const auto& [index, id] : running) drop(id);
  }
  frame.given_up.reset();
  frame.waiting = std::move(waiting);
  for (const EffectId id : effect_ids(frame.waiting)) effects_[id] = frame.id;
}

void Live::drop(FrameId id) {
  Frame& frame = *find(id);
  set_waiting(frame, {});
  if (auto* siblings = frame.parent->waits<OnChildren>()) siblings->running.erase(frame.index);
  frames_.erase(id);
}

void Live::give_up(Frame& frame) {
  for (const EffectId id : effect_ids(frame.waiting)) effects_.erase(id);
  Waiting ended = std::exchange(frame.waiting, {});
  auto* children = std::get_if<OnChildren>(&ended);
  if (children == nullptr) return;
  for (const auto& [index, id] : children->running) give_up(*find(id));
  frame.given_up = std::make_unique<OnChildren>(std::move(*children));
}

void Live::take_up(Frame& frame, int64_t event) {
  if (frame.state != nullptr) frame.attempts.assign(frame.state->retriers.size(), 0);
  frame.retry_count = 0;
  frame.task = 0;
  // A child of a map run has numbers of its own, and goes on behind them.
  if (frame.teller == frame.id && frame.id != root_id) event = frame.last_event;
  frame.last_event = event;
  if (!frame.given_up) return;
  OnChildren children = std::move(*std::exchange(frame.given_up, nullptr));
  if (children.run) {
    // Those that were not tolerated are redriven.
    children.failures = children.run->failures_tolerated;
    children.run->errand.reset();
  }
  children.spawned_after = event;
  for (const auto& [index, id] : children.running) take_up(*find(id), event);
  frame.waiting = std::move(children);
}

Frame* Live::running(std::string_view map_run_arn) {
  for (const auto& [id, frame] : frames_) {
    const auto* children = frame->waits<OnChildren>();
    if (children != nullptr && children->run && children->run->arn == map_run_arn)
      return frame.get();
  }
  return nullptr;
}

const json::Value& Live::text_of(Instant moment) {
  if (written_moment_ != moment) moment_text_ = format_instant(moment);
  written_moment_ = moment;
  return moment_text_;
}

const Live::Numbering& Live::numbering(const asl::States& states) {
  auto& numbering = numberings_[&states];
  if (numbering.empty())
    for (const auto& [name, state] : states.by_name) numbering.push_back(state.get());
  return numbering;
}

int64_t Live::number_of(const asl::States& states, const asl::State& state) {
  const auto& all = numbering(states);
  const auto found = std::lower_bound(
      all.begin(), all.end(), state.name,
      [](const asl::State* left, const std::string& name) { return left->name < name; });
  CHECK(found != all.end() && *found == &state);
  return found - all.begin();
}

const asl::State* Live::state_at(const asl::States& states, int64_t number) {
  const auto& all = numbering(states);
  if (number < 0 || number >= static_cast<int64_t>(all.size())) return nullptr;
  return all[static_cast<size_t>(number)];
}

std::vector<EffectId> effect_ids(const Waiting& waiting) {
  std::vector<EffectId> ids;
  if (const auto* task = std::get_if<OnTask>(&waiting)) {
    ids.push_back(task->id);
    if (task->timeout) ids.push_back(task->timeout->id);
    if (task->heartbeat) ids.push_back(task->heartbeat->id);
  } else if (const auto* wait = std::get_if<OnTimer>(&waiting)) {
    ids.push_back(wait->timer.id);
  } else if (const auto* children = std::get_if<OnChildren>(&waiting)) {
    if (children->run && children->run->errand) ids.push_back(children->run->errand->id);
  }
  return ids;
}

bool has_work(const Waiting& waiting) {
  return !effect_ids(waiting).empty() && !std::holds_alternative<OnTimer>(waiting);
}

std::string redrive_refusal(const Live& live) {
  if (live.status == Status::running || live.status == Status::succeeded)
    return cannot_be_redriven(name(live.status));
  for (const Frame* frame : live.frames()) {
    // What an older version has written does not say which state was next.
    if (!frame->is_inside && frame->paused_before == nullptr)
      return "Execution ended between two states, where a redrive is not supported";
  }
  return {};
}

namespace {

json::Value errand_request(const Frame& map, const MapRun& run) {
  if (run.errand->resource == read_items_resource)
    return run.stream ? run.reading.with("After", run.stream->next) : run.reading;
  return results_request(run, *std::get<asl::Map>(map.state->kind).writer);
}

}  // namespace

std::vector<Effect> effects(const Live& live, const Frame& frame) {
  std::vector<Effect> all;
  if (const auto* task = frame.waits<OnTask>()) {
    const auto& kind = std::get<asl::Task>(frame.state->kind);
    StartTask start{task->id, frame.state->name, kind.resource, task->input, frame.retry_count};
    start.waits_for_token = kind.waits_for_token;
    if (kind.waits_for_token || kind.is_activity) start.token = task_token(live.identity, task->id);
    start.is_handed_over = task->is_handed_over;
    all.push_back(std::move(start));
    if (task->timeout) all.push_back(SetTimer{task->timeout->id, task->timeout->due});
    if (task->heartbeat) all.push_back(SetTimer{task->heartbeat->id, task->heartbeat->due});
  } else if (const auto* wait = frame.waits<OnTimer>()) {
    all.push_back(SetTimer{wait->timer.id, wait->timer.due});
  } else if (const auto* children = frame.waits<OnChildren>()) {
    const auto& run = children->run;
    if (run && run->errand)
      all.push_back(StartTask{run->errand->id, frame.state->name,
                              std::string(run->errand->resource), errand_request(frame, *run),
                              frame.retry_count});
  }
  return all;
}

namespace {

bool may_retry(const asl::State& state) {
  return std::holds_alternative<asl::Task>(state.kind) ||
         std::holds_alternative<asl::Parallel>(state.kind) ||
         std::holds_alternative<asl::Map>(state.kind);
}

// "$$.Map.Item" of the innermost iteration around the frame, or null.
json::Value item_around(const Frame& frame) {
  for (const Frame* around = &frame; around->parent != nullptr; around = around->parent) {
    if (!around->is_iteration()) continue;
    return json::Value::object({{"Index", around->index}, {"Value", around->item}});
  }
  return {};
}

// "$$.Execution": the execution, or the child of a distributed Map that is one in its own right.
json::Value execution_around(Live& live, const Frame& frame) {
  if (frame.teller == root_id) return live.execution_context;
  const Frame& child = *live.find(frame.teller);
  const auto& run = child.parent->waits<OnChildren>()->run;
  if (!run) return live.execution_context;
  const ChildPlace place{run->arn, child.index};
  const ChildRun& of_run = run->children.at(child.index);
  return live.execution_context.with("Id", child_arn(place))
      .with("Input", of_run.input)
      .with("Name", child_name(place))
      .with("StartTime", live.text_of(of_run.started));
}

}  // namespace

json::Value context(Live& live, const Frame& frame) {
  if (live.given_context) return *live.given_context;
  json::Value::Object state{{"Name", frame.state->name},
                            {"EnteredTime", live.text_of(frame.entered)}};
  if (may_retry(*frame.state)) state.push_back({"RetryCount", frame.retry_count});
  json::Value::Object members{{"Execution", execution_around(live, frame)},
                              {"StateMachine", live.machine_context},
                              {"State", json::Value(std::move(state))}};
  // The token of the task that is under way, or that will be scheduled next. A task that waits for
  // what it has started has one too, though nobody need answer by it.
  if (const auto* task = std::get_if<asl::Task>(&frame.state->kind);
      task && (task->waits_for_token || task->waits_for_end)) {
    const EffectId id = frame.task != 0 ? frame.task : live.next_effect;
    members.push_back({"Task", json::Value::object({{"Token", task_token(live.identity, id)}})});
  }
  if (auto item = item_around(frame); !item.is_null())
    members.push_back({"Map", json::Value::object({{"Item", std::move(item)}})});
  return members;
}

}  // namespace pawl::execution
