#include "execution/trial.h"

#include "execution/states/states.h"
#include "execution/turn.h"

namespace pawl::execution {
namespace {

using Shown = std::map<std::string, json::Value, std::less<>>;

// The service shows nothing of these, though they are evaluated.
bool is_left_out(const asl::State& state, std::string_view name) {
  if (std::holds_alternative<asl::Parallel>(state.kind))
    return name == "afterInputPath" || name == "afterParameters" || name == "afterArguments";
  return std::holds_alternative<asl::Pass>(state.kind) && name == "afterArguments";
}

Facts watched(Facts facts, const TrialSetting& setting, Shown& shown) {
  facts.witness = [&shown, state = &setting.state](std::string_view name,
                                                   const json::Value& value) {
    if (!is_left_out(*state, name)) shown.insert_or_assign(std::string(name), value);
  };
  facts.read_items = setting.read_items;
  return facts;
}

json::Value text_or_null(const std::string& text) {
  return text.empty() ? json::Value() : json::Value(text);
}

std::string text_at(const Shown& shown, std::string_view name) {
  const auto found = shown.find(name);
  return found == shown.end() ? std::string() : std::string(found->second.string());
}

}  // namespace

struct Trial::Stage {
  Stage(TrialSetting given, Facts facts)
      : setting(std::move(given)),
        live(setting.machine, setting.identity),
        facts(watched(std::move(facts), setting, shown)),
        turn(live, this->facts, 0) {}

  Frame& frame() { return live.root(); }
  const Frame& frame() const { return live.root(); }
  void begin();
  json::Value context();

  const TrialSetting setting;
  Shown shown;
  Live live;
  const Facts facts;
  Turn turn;
};

// The service calls every state the same here, and leaves out what is true of no execution.
json::Value Trial::Stage::context() {
  const Identity& identity = setting.identity;
  live.execution_context = json::Value::object({{"Id", identity.execution_arn},
                                                {"Input", identity.input},
                                                {"Name", identity.execution_name},
                                                {"RoleArn", text_or_null(identity.role_arn)},
                                                {"StartTime", format_instant(identity.started)}});
  const json::Value usual = execution::context(live, frame());
  return usual.with("State", usual["State"].with("Name", "StateName"));
}

void Trial::Stage::begin() {
  turn.happen({.type = EventType::begun});
  frame().states = &setting.states;
  frame().input = setting.input;
  frame().variables = setting.variables;
  turn.happen(
      {.type = EventType::entered, .number = live.number_of(setting.states, setting.state)});
  frame().entered_event = 0;
  frame().attempts.assign(setting.state.retriers.size(), setting.retries);
  frame().retry_count = setting.retries;
  live.given_context = setting.context ? *setting.context : context();
}

Trial::Trial(TrialSetting setting, Facts facts)
    : stage_(new Stage(std::move(setting), std::move(facts))) {}

Trial::~Trial() = default;

void Trial::enter() {
  stage_->begin();
  Frame& frame = stage_->frame();
  if (std::holds_alternative<asl::Fail>(frame.state->kind) && !frame.state->is_jsonata())
    stage_->turn.show("afterInputPath", frame.input);
  if (const auto* pass = std::get_if<asl::Pass>(&frame.state->kind); pass && pass->result)
    stage_->turn.show("result", *pass->result);
  run_state(stage_->turn, frame);
  const auto* timer = frame.waits<OnTimer>();
  if (timer && timer->purpose == Purpose::wait) timer_due(stage_->turn, frame, timer->timer.id);
}

const json::Value* Trial::task_input() const {
  const auto* task = stage_->frame().waits<OnTask>();
  return task == nullptr ? nullptr : &task->input;
}

std::optional<size_t> Trial::iterations() const {
  const auto* children = stage_->frame().waits<OnChildren>();
  if (!children || !std::holds_alternative<asl::Map>(stage_->setting.state.kind)) return {};
  return static_cast<size_t>(children->count);
}

std::optional<int64_t> Trial::tolerated_failures() const {
  const auto* children = stage_->frame().waits<OnChildren>();
  return children == nullptr ? std::nullopt : children->failures_max;
}

void Trial::answer(const asl::Outcome<json::Value>& outcome) {
  Turn& turn = stage_->turn;
  Frame& frame = stage_->frame();
  if (frame.waits<OnTask>()) {
    if (outcome) {
      turn.show("result", *outcome);
      return task_answered(turn, frame, *outcome);
    }
    const asl::Failure& failure = outcome.error();
    turn.happen({.type = EventType::task_failed, .error = failure.error, .cause = failure.cause});
    return fail(turn, frame, {failure});
  }
  if (!frame.waits<OnChildren>()) return;
  if (!outcome) return fail(turn, frame, {.failure = outcome.error(), .is_by_child = true});
  turn.happen({.type = EventType::children_succeeded});
  complete(turn, frame, *outcome);
}

const Identity& Trial::identity() const { return stage_->setting.identity; }

Verdict Trial::verdict() const {
  const Live& live = stage_->live;
  const Frame& frame = stage_->frame();
  Verdict verdict{.variables = frame.variables, .shown = stage_->shown};
  verdict.error = text_at(verdict.shown, "error");
  verdict.cause = text_at(verdict.shown, "cause");
  if (live.status == Status::failed) {
    verdict.error = live.error;
    verdict.cause = live.cause;
  } else if (frame.waits<OnTimer>()) {
    verdict.status = Verdict::Status::retriable;
  } else {
    const bool is_caught = verdict.shown.contains("catchIndex");
    verdict.status = is_caught ? Verdict::Status::caught : Verdict::Status::succeeded;
    verdict.output = frame.input;
    verdict.next = text_at(verdict.shown, "nextState");
  }
  return verdict;
}

}  // namespace pawl::execution
