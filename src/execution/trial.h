#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "asl/failure.h"
#include "asl/machine.h"
#include "execution/execution.h"

namespace pawl::execution {

// One state tried on its own, by the very functions that run it in an execution: nothing is kept,
// nothing runs that it waits for, and every value on the way from input to output is shown. Whoever
// tries it says what a task, branches or iterations have answered.

struct TrialSetting {
  const asl::Machine& machine;  // must outlive the trial, as what it holds
  const asl::States& states;    // the ones the state is among
  const asl::State& state;
  Identity identity;
  json::Value input;
  json::Value variables = json::Value::object();
  std::optional<json::Value> context = {};     // absent: such as an execution would have
  std::optional<json::Value> read_items = {};  // by the ItemReader of a Map
  int64_t retries = 0;                         // there have been already
};

// What has come of it.
struct Verdict {
  enum class Status { succeeded, failed, retriable, caught };
  Status status = Status::failed;
  json::Value output = {};                        // of a success, and of an error that was caught
  std::string error = {}, cause = {};             // otherwise
  std::string next = {};                          // empty: there is no next state
  json::Value variables = json::Value::object();  // those there are after the state
  // What was shown, by name.
  std::map<std::string, json::Value, std::less<>> shown = {};
};

class Trial {
 public:
  // The facts need neither a witness nor the items.
  Trial(TrialSetting setting, Facts facts);
  ~Trial();

  // Runs the state up to its end, or to where it waits for an answer. A Wait is not waited for.
  void enter();

  // The task the state waits for: its evaluated parameters.
  const json::Value* task_input() const;
  // How many iterations the Map has that waits for their results.
  std::optional<size_t> iterations() const;
  // How many of them may fail, where the state says anything about it.
  std::optional<int64_t> tolerated_failures() const;

  // What the state waits for has been answered. Nothing happens where it waits for nothing.
  void answer(const asl::Outcome<json::Value>& outcome);

  Verdict verdict() const;
  const Identity& identity() const;

 private:
  struct Stage;
  std::unique_ptr<Stage> stage_;
};

}  // namespace pawl::execution
