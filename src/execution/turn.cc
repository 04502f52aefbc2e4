#include "execution/turn.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "execution/quotas.h"
#include "execution/states/states.h"

namespace pawl::execution {

namespace {

// A machine that never waits would keep the loop for ever; after so many states it takes a breath,
// and after so many iterations before it enters another Map.
constexpr int64_t entries_max = 10'000;
constexpr int64_t iterations_max = 10'000;
// What a command has written is in memory until it is over.
constexpr size_t record_bytes_max = 8 << 20;

// What work is counted in is about one event: so many steps of an expression, or so many bytes of a
// record, take about as long.
constexpr int64_t steps_per_event = 8;
constexpr size_t bytes_per_event = 256;

EffectId id_of(const Effect& effect) {
  return std::visit(
      [](const auto& made) -> EffectId {
        if constexpr (requires { made.id; })
          return made.id;
        else
          return 0;
      },
      effect);
}

bool contains(const std::vector<EffectId>& ids, EffectId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

Turn::Turn(Live& live, const Facts& facts, EffectId answered)
    : live_(live),
      facts_(facts),
      answered_(answered),
      record_(live, facts.now),
      first_fresh_(live.next_effect) {
  budget_.steps_max = facts.transition_steps_max;
}

void Turn::begin_transition() {
  steps_before_ = steps();
  budget_.steps = budget_.looked_at = 0;
}

bool Turn::is_spent() const {
  return steps() >= facts_.turn_steps_max || record_.size() >= record_bytes_max;
}

uint64_t Turn::entropy() {
  // SplitMix64: one well-mixed number per draw from the entropy of the command.
  uint64_t mixed = facts_.entropy + ++draws_ * 0x9e3779b97f4a7c15;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

void Turn::happen(Event event) {
  Frame* frame = live_.find(event.frame);
  CHECK(frame != nullptr);
  const auto old = effect_ids(frame->waiting);
  const bool was_work = has_work(frame->waiting);
  ++events_;
  record_.add(event);
  const auto applied = apply(live_, event, facts_.now);
  CHECK(applied.has_value());
  hold_against_service(event, applied->id);

  const bool is_start = event.type == EventType::begun || event.type == EventType::redriven;
  if (is_start && live_.deadline)
    effects_.push_back(SetTimer{live_.deadline->id, live_.deadline->due});
  frame = live_.find(event.frame);
  const auto fresh = frame == nullptr ? std::vector<EffectId>() : effect_ids(frame->waiting);
  for (size_t i = 0; i < old.size(); ++i)
    if (!contains(fresh, old[i])) call_off(old[i], was_work && i == 0);
  if (frame == nullptr || fresh.empty() || fresh == old) return;
  add_effects(old, frame);
  if (event.type == EventType::task_scheduled) scheduled_.push_back(fresh.front());
}

void Turn::hold_against_service(const Event& event, int64_t number) {
  if (number == service_events_max + 1)
    beyond_service_ = concat("its history goes on after ", service_events_max, " events");
  if (event.type != EventType::exited || event.value.text_size() <= service_data_bytes_max) return;
  const size_t bytes = bytes_as_text(event.value, service_data_bytes_max);
  if (bytes > service_data_bytes_max)
    beyond_service_ = concat(bytes, " bytes are more than ", service_data_bytes_max, ", at state '",
                             live_.find(event.frame)->state->name, "'");
}

bool Turn::is_history_full() const {
  return facts_.events_max > 0 && live_.root().next_event >= facts_.events_max;
}

void Turn::note(Step::Kind kind, const Frame& frame, size_t index) const {
  if (!facts_.on_step) return;
  std::string place = frame.state->name;
  for (const Frame* inner = &frame; inner->parent != nullptr; inner = inner->parent)
    place = concat(inner->parent->state->name, "[", inner->index, "]/", place);
  facts_.on_step({kind, *frame.state, index, std::move(place)});
}

void Turn::add_effects(const std::vector<EffectId>& before, const Frame* frame) {
  for (auto& effect : effects(live_, *frame))
    if (!contains(before, id_of(effect))) effects_.push_back(std::move(effect));
}

void Turn::call_off(EffectId effect, bool is_task) {
  if (effect == answered_) return;
  // What was decided in this very turn has not been asked for yet.
  if (effect >= first_fresh_) {
    called_off_.insert(effect);
  } else if (is_task) {
    effects_.push_back(CancelTask{effect});
  } else {
    effects_.push_back(ClearTimer{effect});
  }
}

void Turn::go(Frame& frame, const asl::State& state) {
  if (++entries_ <= entries_max) return ready_.push_back({frame.id, &state});
  pause(frame, state);
}

// A timer that is due at once goes on with it, after what others have to do.
void Turn::pause(Frame& frame, const asl::State& state) {
  happen({.type = EventType::paused,
          .frame = frame.id,
          .number = live_.number_of(*frame.states, state)});
}

void Turn::leave(Frame& frame, const json::Value& output, std::string_view next) {
  happen({.type = EventType::exited, .frame = frame.id, .value = output});
  if (!next.empty()) show("nextState", next);
  if (!next.empty()) return go(frame, frame.states->at(next));
  if (frame.parent == nullptr) return close({.type = EventType::succeeded, .value = output});
  child_succeeded(*this, *frame.parent, frame);
}

void Turn::resume(Frame& frame) {
  if (frame.paused_before != nullptr) return go(frame, *frame.paused_before);
  // Itself first: it may have ended before another turn comes to it.
  ready_.push_back({frame.id, nullptr});
  if (const auto* children = frame.waits<OnChildren>())
    for (const auto& [index, id] : children->running) resume(*live_.find(id));
}

void Turn::park(const Frame& around) {
  const auto is_within = [&around](const Frame* frame) {
    while (frame != nullptr && frame != &around) frame = frame->parent;
    return frame != nullptr;
  };
  for (const Ready& next : std::exchange(ready_, {})) {
    const Frame* frame = live_.find(next.frame);
    if (!is_within(frame)) {
      ready_.push_back(next);
    } else if (next.state != nullptr) {
      happen({.type = EventType::parked,
              .frame = frame->id,
              .number = live_.number_of(*frame->states, *next.state)});
    }
  }
}

void Turn::close(Event event) {
  park(live_.root());
  std::vector<std::pair<EffectId, bool>> open;
  for (const Frame* frame : live_.frames()) {
    const auto ids = effect_ids(frame->waiting);
    for (size_t i = 0; i < ids.size(); ++i)
      open.emplace_back(ids[i], i == 0 && has_work(frame->waiting));
  }
  if (live_.deadline) open.emplace_back(live_.deadline->id, false);
  record_.add(event);
  CHECK(apply(live_, event, facts_.now).has_value());
  for (const auto& [effect, is_task] : open) call_off(effect, is_task);
  effects_.push_back(Close{live_.status, live_.output, live_.error, live_.cause});
}

// Whether others shall go on before the state is entered.
bool Turn::is_enough_before(const asl::State& state) const {
  if (is_spent()) return true;
  return iterations_ >= iterations_max && std::holds_alternative<asl::Map>(state.kind);
}

void Turn::run_ready() {
  while (!ready_.empty() && live_.status == Status::running && !is_history_full()) {
    const Ready next = ready_.front();
    ready_.pop_front();
    Frame* frame = live_.find(next.frame);
    if (frame == nullptr) continue;
    const bool is_entering = next.state != nullptr;
    if (is_entering && is_enough_before(*next.state)) {
      pause(*frame, *next.state);
      continue;
    }
    if (is_entering) {
      happen({.type = EventType::entered,
              .frame = frame->id,
              .number = live_.number_of(*frame->states, *next.state)});
      note(Step::Kind::entered, *frame);
      run_state(*this, *frame);
    } else {
      resume_state(*this, *frame);
    }
    if (ready_.empty()) start_tasks();
  }
  start_tasks();
  if (live_.status == Status::running && is_history_full())
    close({.type = EventType::failed,
           .error = "States.Runtime",
           .cause = concat("The execution reached the maximum number of history events (",
                           facts_.events_max, ").")});
}

// The service notes the start of tasks after the states that were ready beside them; an activity
// starts when a worker takes it.
void Turn::start_tasks() {
  if (live_.status != Status::running) return;
  for (const EffectId task : std::exchange(scheduled_, {})) {
    const Frame* frame = live_.waiting_for(task);
    if (frame != nullptr && !std::get<asl::Task>(frame->state->kind).is_activity)
      happen({.type = EventType::task_started, .frame = frame->id});
  }
}

void Turn::abort_children(Frame& parent, const Frame& failed) {
  const auto* children = parent.waits<OnChildren>();
  if (children == nullptr) return;
  park(parent);
  const auto running = children->running;
  const FrameId failed_id = failed.id;
  for (const auto& [index, id] : running) abort(*live_.find(id), parent, id == failed_id);
}

// `parent` is the frame that fails; `frame` may be anywhere under it.
void Turn::abort(Frame& frame, const Frame& parent, bool is_failed) {
  const auto by = static_cast<int64_t>(parent.id);
  if (frame.is_iteration() && !is_failed)
    happen({.type = EventType::iteration_aborted, .frame = frame.id, .number = by});
  const bool is_task = frame.is_inside && std::holds_alternative<asl::Task>(frame.state->kind);
  const auto* children = frame.waits<OnChildren>();
  const bool have_ended = children != nullptr && children->run && children->run->is_ending();
  if (children != nullptr && !is_failed && !have_ended) {
    const auto running = children->running;
    for (const auto& [index, id] : running) abort(*live_.find(id), parent, false);
  }
  // The service says of the failed task, too, that it is aborted, but of no other failed state.
  if (is_failed ? is_task : !std::holds_alternative<std::monostate>(frame.waiting))
    happen({.type = EventType::state_aborted, .frame = frame.id, .number = by});
}

Decision Turn::finish() && {
  if (!called_off_.empty())
    std::erase_if(effects_,
                  [this](const Effect& made) { return called_off_.contains(id_of(made)); });
  Record record = std::move(record_).finish();
  const size_t bytes = record.bytes.size();
  Decision decision{std::move(record.bytes), std::move(record.large), std::move(effects_),
                    std::move(beyond_service_)};
  decision.work =
      events_ + steps() / steps_per_event + static_cast<int64_t>(bytes / bytes_per_event);
  return decision;
}

}  // namespace pawl::execution
