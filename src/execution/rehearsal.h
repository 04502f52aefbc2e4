#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "asl/parse.h"
#include "base/text.h"
#include "execution/execution.h"
#include "execution/history.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::execution {

// For tests: one execution driven by hand, on a clock of its own, that is checked against its own
// replay after every command.

inline std::unique_ptr<const asl::Machine> machine_of(std::string_view definition) {
  auto parsed = asl::parse_definition(definition);
  for (const auto& found : parsed.diagnostics)
    if (found.severity == asl::Severity::error)
      ADD_FAILURE() << found.location << ": " << found.message;
  return std::move(parsed.machine);
}

inline Identity identity_of(json::Value input) {
  return {.execution_arn = "arn:aws:states:us-east-1:000000000000:execution:trial:first",
          .execution_name = "first",
          .machine_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:trial",
          .machine_name = "trial",
          .role_arn = "arn:aws:iam::000000000000:role/trial",
          .started = Instant(seconds(1'800'000'000)),
          .input = std::move(input)};
}

inline std::string after(const Identity& identity, Instant moment) {
  return concat("+", static_cast<double>((moment - identity.started).count()) / 1e6, "s");
}

inline std::string text(const Identity& identity, const Effect& effect) {
  struct Text {
    const Identity& identity;
    std::string operator()(const StartTask& task) {
      std::string line = concat("start ", task.id, " ", task.state, " ", task.resource, " ",
                                json::write(task.input), " attempt ", task.attempt);
      if (!task.token.empty())
        line += concat(task.waits_for_token ? " waits for " : " takes ", task.token);
      return line;
    }
    std::string operator()(const CancelTask& task) { return concat("cancel ", task.id); }
    std::string operator()(const SetTimer& timer) {
      return concat("timer ", timer.id, " ", after(identity, timer.due));
    }
    std::string operator()(const ClearTimer& timer) { return concat("clear ", timer.id); }
    std::string operator()(const Close& close) {
      std::string line = concat("close ", name(close.status));
      if (close.status == Status::succeeded) line += concat(" ", json::write(close.output));
      if (!close.error.empty()) line += concat(" ", close.error);
      if (!close.cause.empty()) line += concat(": ", close.cause);
      return line;
    }
  };
  return std::visit(Text{identity}, effect);
}

inline std::string text(const HistoryEvent& event) {
  std::string line = concat(event.id, "<", event.previous_id, " ", event.type);
  json::Value details = event.details;
  if (!details.is_object()) return line;
  for (const char* noise : {"inputDetails", "outputDetails", "roleArn"})
    details = details.without(noise);
  return details.size() == 0 ? line : concat(line, " ", json::write(details));
}

// All that can be asked of an execution from outside.
inline std::string portrait(const Execution& execution) {
  std::string lines = concat(name(execution.status()), "\n");
  for (const auto& effect : execution.pending()) lines += text(execution.identity(), effect) + "\n";
  for (const auto& activity : execution.activities()) {
    lines += concat(activity.state, " ", activity.type, " ", activity.attempt, " ", activity.effect,
                    " ", after(execution.identity(), activity.since));
    for (const auto index : activity.iteration) lines += concat(" #", index);
    if (activity.due) lines += concat(" due ", after(execution.identity(), *activity.due));
    lines += "\n";
  }
  return lines;
}

class Rehearsal {
 public:
  Rehearsal(const asl::Machine& machine, json::Value input)
      : machine_(machine), execution_(machine, identity_of(std::move(input))) {}

  // What the command caused: its effects.
  std::vector<Effect> decide(const Command& command, uint64_t entropy = 7) {
    Facts facts{now_, entropy};
    facts.stream_bytes_max = stream_bytes_max;
    // The decision must be the same from the state that the records alone give.
    Execution twin(machine_, identity());
    for (const auto& record : records_) EXPECT_TRUE(twin.replay(record).has_value());
    auto decision = execution_.decide(command, facts);
    const auto again = twin.decide(command, facts);
    EXPECT_EQ(lines(decision.effects), lines(again.effects));
    auto other = records_;
    if (!again.record.empty()) other.push_back(again.record);
    if (!decision.record.empty()) records_.push_back(decision.record);
    EXPECT_EQ(history_text(records_), history_text(other));
    EXPECT_EQ(portrait(execution_), portrait(twin));
    check_replay();
    if (!decision.record.empty()) forget_answered(command);
    check_effects(decision.effects);
    return std::move(decision.effects);
  }

  int64_t stream_bytes_max = 4 << 20;  // of the facts

  void advance_to(Instant moment) { now_ = std::max(now_, moment); }

  Execution& execution() { return execution_; }
  const Identity& identity() const { return execution_.identity(); }
  const std::vector<std::string>& records() const { return records_; }
  Instant now() const { return now_; }

  std::vector<HistoryEvent> history() {
    auto events = execution::history(machine_, identity(), records_);
    EXPECT_TRUE(events.has_value());
    return events ? *std::move(events) : std::vector<HistoryEvent>();
  }

 private:
  std::string lines(const std::vector<Effect>& effects) {
    std::string all;
    for (const auto& effect : effects) all += text(identity(), effect) + "\n";
    return all;
  }

  std::string history_text(const std::vector<std::string>& records) {
    const auto events = execution::history(machine_, identity(), records);
    if (!events) return events.error().message();
    std::string all;
    for (const auto& event : *events) all += text(event) + "\n";
    return all;
  }

  void forget_answered(const Command& command) {
    if (const auto* done = std::get_if<TaskSucceeded>(&command)) open_.erase(done->task);
    if (const auto* failed = std::get_if<TaskFailed>(&command)) open_.erase(failed->task);
    if (const auto* due = std::get_if<TimerDue>(&command)) open_.erase(due->timer);
  }

  // What has been asked for, less what was called off or answered, is what is pending.
  void check_effects(const std::vector<Effect>& effects) {
    for (const auto& effect : effects) {
      if (const auto* task = std::get_if<StartTask>(&effect)) {
        open_[task->id] = text(identity(), effect);
      } else if (const auto* timer = std::get_if<SetTimer>(&effect)) {
        open_[timer->id] = text(identity(), effect);
      } else if (const auto* cancelled = std::get_if<CancelTask>(&effect)) {
        EXPECT_EQ(open_.erase(cancelled->id), 1u) << "cancels what does not run";
      } else if (const auto* cleared = std::get_if<ClearTimer>(&effect)) {
        EXPECT_EQ(open_.erase(cleared->id), 1u) << "clears what is not set";
      } else {
        EXPECT_TRUE(open_.empty()) << "closes over something open";
        EXPECT_EQ(&effect, &effects.back());
      }
    }
    std::map<EffectId, std::string> pending;
    for (const auto& effect : execution_.pending()) {
      const auto* task = std::get_if<StartTask>(&effect);
      pending[task ? task->id : std::get<SetTimer>(effect).id] = text(identity(), effect);
    }
    EXPECT_EQ(pending, open_);
  }

  void check_replay() {
    Execution replayed(machine_, identity());
    for (const auto& record : records_) {
      const auto folded = replayed.replay(record);
      EXPECT_TRUE(folded.has_value()) << (folded ? "" : folded.error().message());
    }
    EXPECT_EQ(portrait(replayed), portrait(execution_));
  }

  const asl::Machine& machine_;
  Execution execution_;
  std::vector<std::string> records_;
  std::map<EffectId, std::string> open_;
  Instant now_{seconds(1'800'000'000)};
};

}  // namespace pawl::execution
