#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "asl/parse.h"
#include "base/result.h"
#include "engine/commands.h"
#include "engine/tasks.h"
#include "execution/execution.h"
#include "execution/history.h"
#include "execution/map_run_list.h"
#include "json/value.h"
#include "store/store.h"
#include "world/clock.h"

namespace pawl::engine {

struct Options {
  std::string account = "000000000000";
  std::string region = "us-east-1";
  // Limits on everything that queues.
  size_t open_executions_max = 1'000'000;
  // How many are in memory before those leave it that wait for nothing but the clock, and for at
  // least so long.
  size_t awake_executions_max = 10'000;
  Duration sleep_at_least = seconds(10);
  size_t input_bytes_max = 64 << 20;
  // Of a history; 0: there is no limit.
  int64_t events_max = 0;
  // Of a map run whose items are read window by window (execution::Facts).
  int64_t stream_bytes_max = 4 << 20;
  // Workers waiting for tasks of activities; each holds a connection.
  size_t activity_polls_max = 500;
  Duration activity_poll_time = seconds(60);
};

struct NewMachine {
  std::string name, definition, role_arn, type = "STANDARD";
  json::Value settings = json::Value::object();  // configurations by their member names
  std::vector<store::Tag> tags = {};
  bool publish = false;  // then the answer's last version is the one published
  std::string version_description = {};
};
struct MachineChange {
  std::string arn;
  std::optional<std::string> definition, role_arn;
  json::Value settings = json::Value::object();  // those that change
  bool publish = false;
  std::string version_description = {};
};
struct NewExecution {
  std::string machine_arn;  // or a version's or an alias's
  std::string name;         // empty: a UUID is made
  json::Value input = json::Value::object();
  std::string input_text;  // as the client wrote it; shown by DescribeExecution where not empty
};
struct Started {
  std::string execution_arn;
  Instant started;
};

// A task in flight or a wait, with the latest progress, for the watch view.
struct LiveActivity {
  execution::Activity activity;
  std::string resource;
  std::optional<Progress> progress;
  std::string child_execution_arn;  // of a startExecution.sync task
};

// A map run, and the execution that has it.
struct FoundMapRun {
  execution::MapRun run;
  store::Execution execution;
};

// The loop: decide, commit, act. Commands come from any thread and are answered on the loop's
// thread once their record is durable (replies must not block). Everything that waits is committed
// in one transaction. After a failed commit, or a read that the loop relied on, it stops, and every
// later command is refused.
//
// Errors of commands name the AWS error in their message's first word where the service has one
// ("StateMachineDoesNotExist: …"); the api room turns them into responses.
class Engine {
 public:
  Engine(Options options, store::Store& store, world::Clock& clock, world::Random& random);
  ~Engine();

  // Runners are asked in the order they were added. REQUIRES: not started yet.
  void add_runner(TaskRunner& runner);
  TaskReports& reports();

  // Folds open executions back, carries out what had no answer, and begins to turn.
  Result<void> start();
  // Stops taking commands, lets the current turn end, and returns. What is open stays open.
  void stop();
  // Why it had ended before it was stopped: the store has failed. REQUIRES: it is stopped.
  const std::optional<Error>& failure() const;
  // False once it takes no more commands: it was stopped, or the store has failed. Any thread.
  bool is_running() const;
  // Why a command would not be taken, or would wait longer than it should: the loop has stopped, or
  // has been in the same turn for some time. Any thread.
  Result<void> readiness() const;
  // For tests and simulation, instead of start(): one turn of the loop on the caller's thread.
  // Returns how many commands it handled; due timers count.
  Result<size_t> turn();
  Result<void> recover();
  std::optional<Instant> next_timer() const;

  void create_machine(NewMachine machine, Reply<store::Machine> reply);
  void update_machine(MachineChange change, Reply<store::Machine> reply);
  void delete_machine(std::string arn, Reply<void> reply);
  void start_execution(NewExecution execution, Reply<Started> reply);
  void stop_execution(std::string arn, std::string error, std::string cause, Reply<Instant> reply);
  // Of an Express machine; answered when the execution has closed.
  void run_execution(NewExecution execution, Reply<store::Execution> reply);
  // For the commands of commands.h.
  template <typename Request>
  void ask(Request request, Reply<typename Request::Answer> reply);
  // What an open execution is doing now; empty for a closed one.
  void activities(std::string execution_arn, Reply<std::vector<LiveActivity>> reply);

  // Reads, on the caller's thread, of what is durable.
  Result<store::Machine> machine(const std::string& arn);
  store::Catalogue& catalogue();
  // Children of map runs are executions, too.
  Result<store::Execution> execution(const std::string& arn);
  Result<store::ExecutionPage> executions(const store::ExecutionQuery& query);
  Result<std::vector<execution::HistoryEvent>> history(const std::string& execution_arn,
                                                       const execution::HistoryWindow& window = {});
  // Why the execution cannot be redriven; empty: it can.
  Result<std::string> redrive_refusal(const store::Execution& execution);
  // Those of the execution itself, in the order they were started; not those of its children.
  Result<std::vector<execution::MapRun>> map_runs(const std::string& execution_arn);
  Result<FoundMapRun> map_run(const std::string& arn,
                              execution::Children children = execution::Children::told);
  // The machine as it was when the execution was started.
  Result<store::Machine> machine_of_execution(const std::string& execution_arn);

  const Options& options() const;

 private:
  struct Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace pawl::engine
