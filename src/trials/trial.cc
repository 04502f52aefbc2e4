#include "trials/trial.h"

#include "base/text.h"
#include "json/write.h"

namespace pawl::trials {
namespace {

using execution::Command;
using execution::Effect;
using execution::Step;

execution::Identity identity_of(const Subject& subject, const Case& test) {
  const std::string arn = "arn:aws:states:us-east-1:000000000000:";
  return {.execution_arn = concat(arn, "execution:", subject.name, ":", test.name),
          .execution_name = test.name,
          .machine_arn = concat(arn, "stateMachine:", subject.name),
          .machine_name = subject.name,
          .role_arn = "arn:aws:iam::000000000000:role/pawl",
          .started = virtual_start,
          .input = test.input.value_or(subject.input)};
}

// One case under way.
class Stage {
 public:
  Stage(const Subject& subject, const Case& test, Coverage& coverage)
      : subject_(subject), test_(test), execution_(subject.machine, identity_of(subject, test)) {
    trial_.machine = subject.name;
    trial_.name = test.name;
    on_step_ = [this, &coverage](const Step& step) {
      coverage.note(step);
      if (step.kind == Step::Kind::entered) trial_.path.push_back(step.place);
    };
  }

  Trial run() && {
    decide(execution::Begin{});
    while (execution_.status() == execution::Status::running && trial_.reasons.empty()) {
      if (!is_within_bounds()) break;
      const auto next = ahead_.begin();
      now_ = next->first;
      const Command command = std::move(next->second);
      ahead_.erase(next);
      decide(command);
    }
    trial_.duration = now_ - virtual_start;
    for (const auto& [state, response] : test_.responses)
      if (!invocations_.contains(state)) trial_.unasked.push_back(state);
    return std::move(trial_);
  }

 private:
  void decide(const Command& command) {
    ++decisions_;
    // Any numbers do, as long as they are the same every time.
    const execution::Facts facts{.now = now_, .entropy = decisions_, .on_step = on_step_};
    for (const auto& effect : execution_.decide(command, facts).effects)
      std::visit([this](const auto& asked) { carry_out(asked); }, effect);
  }

  void carry_out(const execution::StartTask& task) {
    const int64_t invocation = invocations_[task.state]++;
    const auto mocked = test_.responses.find(task.state);
    if (mocked == test_.responses.end())
      return stop(concat("state \"", task.state, "\" has no mock (invocation ", invocation, " of ",
                         task.resource, ")"));
    const Answer* answer = subject_.mocks.responses.at(mocked->second).to(invocation);
    if (answer == nullptr)
      return stop(concat("state \"", task.state, "\" has no mock for invocation ", invocation,
                         ": mocked response \"", mocked->second, "\" does not answer it"));
    trial_.used.insert(answer->location);
    const auto* failure = std::get_if<asl::Failure>(&answer->outcome);
    Command command = execution::TaskFailed{task.id, failure ? failure->error : "",
                                            failure ? failure->cause : ""};
    if (failure == nullptr)
      command = execution::TaskSucceeded{task.id, std::get<json::Value>(answer->outcome)};
    ahead_.emplace(now_ + answer->delay, std::move(command));
  }
  void carry_out(const execution::SetTimer& timer) {
    ahead_.emplace(timer.due, execution::TimerDue{timer.id});
  }
  // What has been called off is ignored when it comes.
  void carry_out(const execution::CancelTask&) {}
  void carry_out(const execution::ClearTimer&) {}
  void carry_out(const execution::Close& close) {
    trial_.status = close.status;
    trial_.output = close.output;
    trial_.error = close.error;
    trial_.cause = close.cause;
  }

  bool is_within_bounds() {
    if (ahead_.empty()) {
      stop("the execution waits for nothing that could come");
    } else if (ahead_.begin()->first - virtual_start > duration_max) {
      stop("the execution runs for more than a year");
    } else if (trial_.path.size() > steps_max || decisions_ > steps_max) {
      stop(concat("the execution has not ended after ", steps_max, " steps"));
    }
    return trial_.reasons.empty();
  }

  void stop(std::string reason) { trial_.reasons.push_back(std::move(reason)); }

  const Subject& subject_;
  const Case& test_;
  execution::Execution execution_;
  std::function<void(const Step&)> on_step_;
  Trial trial_;
  Instant now_ = virtual_start;
  uint64_t decisions_ = 0;
  std::multimap<Instant, Command> ahead_;  // those of one moment in the order they were asked for
  std::map<std::string, int64_t, std::less<>> invocations_;
};

// Of a failure nobody expected, what it says itself.
std::string why(const Trial& trial) {
  if (trial.error.empty() && trial.cause.empty()) return "";
  return concat(" (", trial.error, trial.cause.empty() ? "" : ": ", trial.cause, ")");
}

std::string difference(std::string_view what, std::string_view expected, std::string_view found) {
  return concat(what, " is ", found, " and not ", expected);
}

void judge(const Expectation& expected, Trial& trial) {
  if (trial.status == execution::Status::running) return;
  const std::string_view status = execution::name(trial.status);
  const bool must_succeed = !expected.status && !expected.error;
  if (const std::string wanted = expected.status.value_or(must_succeed ? "SUCCEEDED" : "");
      !wanted.empty() && wanted != status)
    trial.reasons.push_back(difference("status", wanted, status) + why(trial));
  if (expected.error && *expected.error != trial.error)
    trial.reasons.push_back(
        difference("error", concat("\"", *expected.error, "\""), concat("\"", trial.error, "\"")));
  if (expected.cause && *expected.cause != trial.cause)
    trial.reasons.push_back(
        difference("cause", concat("\"", *expected.cause, "\""), concat("\"", trial.cause, "\"")));
  if (expected.output && !(*expected.output == trial.output))
    trial.reasons.push_back(
        difference("output", json::write(*expected.output), json::write(trial.output)));
  trial.verdict = trial.reasons.empty() ? Verdict::passed : Verdict::failed;
}

}  // namespace

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return "passed";
    case Verdict::failed:
      return "failed";
    case Verdict::broken:
      return "broken";
  }
  return "broken";
}

Trial run_case(const Subject& subject, const Case& test, Coverage& coverage) {
  Trial trial = Stage(subject, test, coverage).run();
  judge(test.expectation, trial);
  return trial;
}

std::vector<Finding> unused(const Mocks& mocks, const std::vector<Trial>& trials) {
  std::set<std::string> used;
  for (const auto& trial : trials) used.insert(trial.used.begin(), trial.used.end());
  std::vector<Finding> findings;
  for (const auto& [name, response] : mocks.responses) {
    std::vector<Finding> idle;
    for (const auto& answer : response.answers)
      if (!used.contains(answer.location))
        idle.push_back(
            {answer.location, concat("this answer of mocked response \"", name, "\" is not used")});
    if (idle.size() == response.answers.size())
      idle = {{response.location, concat("mocked response \"", name, "\" is not used")}};
    findings.insert(findings.end(), idle.begin(), idle.end());
  }
  return findings;
}

}  // namespace pawl::trials
