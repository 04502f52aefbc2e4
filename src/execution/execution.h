#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "asl/machine.h"
#include "base/byte_range.h"
#include "base/result.h"
#include "execution/command.h"
#include "execution/effect.h"

namespace pawl::execution {

// What an execution is told about itself; the context object is made of it.
struct Identity {
  std::string execution_arn, execution_name;
  std::string machine_arn, machine_name;
  std::string role_arn;
  Instant started;
  json::Value input;
  // What the tokens of its tasks begin with: "<prefix>.<effect>". The ARN where it is empty.
  std::string token_prefix = {};
  // By which each of them is marked, so that none can be guessed from another; empty: they are not.
  std::string token_key = {};
  // How long it may last, whatever its machine says.
  std::optional<int64_t> seconds_max = {};
  // By which it is found again from the name of one of its map runs.
  int64_t number = 0;
};

// Why an execution of that status, as `name` says it, cannot begin again.
std::string cannot_be_redriven(std::string_view status);

// By which a task that waits for its token, or an activity, is answered from outside. The same for
// ever: it is made of nothing but who asks.
std::string task_token(const Identity& identity, EffectId task);

struct Decision {
  // The bytes to keep: everything the command caused, values from outside once. Empty where the
  // command changed nothing.
  std::string record;
  // Parts of it, in order, that other records are likely to have too.
  std::vector<ByteRange> large_parts;
  std::vector<Effect> effects;
  // What of this the service itself would not have taken, as a sentence; empty: nothing.
  std::string beyond_service = {};
  // What it has cost, counted in what an event costs.
  int64_t work = 0;
};

// One task, timer wait or retry wait an open execution is in, for the watch view and for "why".
struct Activity {
  std::string state;               // name
  std::string type;                // "Task", "Wait", …
  std::vector<int64_t> iteration;  // indexes of the maps around it, outermost first
  Instant since;
  int64_t attempt = 0;
  EffectId effect = 0;              // the task or timer it waits for
  std::optional<Instant> due = {};  // of a wait or a retry
};

// One execution as a function: (state, command) → record + effects. Its state is the fold of its
// records; nothing is re-executed to find out what happened. No clock, no disk, no thread. The
// machine must outlive it.
class Execution {
 public:
  Execution(const asl::Machine& machine, Identity identity);
  ~Execution();

  // Decides, and moves to the state after the command. The record must be durable before any of the
  // effects is carried out.
  Decision decide(const Command& command, const Facts& facts);

  // Folds one record back; records come in the order they were decided. Error: corrupt.
  Result<void> replay(std::string_view record);

  // Everything that was decided and has no answer yet, to be carried out again after a crash.
  std::vector<Effect> pending() const;

  Status status() const;
  // Why a Redrive would change nothing, in the service's words; empty: it would not be refused.
  // `events_max` is that of the Facts.
  std::string redrive_refusal(int64_t events_max = 0) const;
  std::vector<Activity> activities() const;
  bool is_running(std::string_view map_run_arn) const;
  const Identity& identity() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pawl::execution
