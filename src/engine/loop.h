#pragma once

#include <atomic>
#include <deque>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "engine/activities/activity_polls.h"
#include "engine/activities/activity_tasks.h"
#include "engine/child_executions.h"
#include "engine/definitions.h"
#include "engine/engine.h"
#include "engine/inbox.h"
#include "engine/internal.h"
#include "engine/open_execution.h"
#include "engine/recent_redrives.h"
#include "engine/timers.h"
#include "engine/turn.h"
#include "engine/watched_store.h"

namespace pawl::engine {

// Everything the loop's thread owns. Only the inbox is shared with other threads.
//
// A turn decides whatever waits, and collects writes, acts and replies; commits; then acts and
// replies. What the engine asks of itself (starting a child, answering a parent) is decided in the
// same turn where the turn's limit allows, and otherwise in the next: nothing of it is lost,
// because the parent's task has no answer yet and is started again after a crash. Only children are
// always stopped in the transaction that ends their task.
struct Engine::Loop : TaskReports {
  Loop(Options options, store::Store& store, world::Clock& clock, world::Random& random)
      : options(std::move(options)), store(store), clock(clock), random(random) {}

  // loop.cc
  void run();
  Result<size_t> run_turn();
  Result<void> decide_all();
  void decide_timers();
  Result<void> decide_messages();
  Result<void> decide_internal();
  void settle();
  Result<void> end_turn();
  Result<void> commit();
  void carry_out();
  void fail(const Error& error);
  void refuse_waiting(const Error& error);
  void send_away();
  Duration turn_lasts() const;  // zero between turns. Any thread.
  std::optional<Instant> next_timer() const;

  // task_reports.cc
  void finished(std::string_view task_id, asl::Outcome<json::Value> outcome) override;
  void submitted(std::string_view task_id, json::Value output) override;
  void progressed(std::string_view task_id, Progress progress) override;
  void take(TaskFinished report);
  void take(TaskHandedOver report);
  void take(TaskProgressed report);
  struct Reported {
    OpenExecution* open;
    execution::EffectId effect;
  };
  std::optional<Reported> reported(const std::string& task_id);
  using Outcome = asl::Outcome<json::Value>;
  void finish_task(OpenExecution& open, execution::EffectId task, Outcome outcome);
  void answer_task(OpenExecution& open, execution::EffectId task, Outcome outcome);

  // Commands of clients, one file each.
  void take(CreateMachine command);
  Result<store::Machine> create_machine(NewMachine machine);
  void take(UpdateMachine command);
  Result<store::Machine> update_machine(MachineChange change);
  void take(DeleteMachine command);
  void take(StartExecution command);
  Result<Started> start_execution(NewExecution request);
  void take(RunExecution command);
  void take(StopExecution command);
  Result<Instant> stop_execution(const StopExecution& command);
  void take(ListActivities command);
  Result<std::vector<LiveActivity>> list_activities(const std::string& arn);

  // catalogue/machines.cc: rows of machines through a small memory; null where there is none.
  Result<const store::Machine*> find_machine(const std::string& arn);
  void put_machine(const store::Machine& machine);
  void change_catalogue(store::Write write);
  Result<void> check_definition(const std::string& definition, const std::string& type);
  Result<store::Execution> execution_of(const std::string& arn);

  // catalogue/: the rest is read from the store, so what reads it begins a turn of its own where
  // this one has changed it.
  template <typename Request>
  void take(Ask<Request> ask) {
    auto result = carry(std::move(ask.request));
    turn.answer(std::move(ask.reply), std::move(result));
  }
  struct Routing {
    std::string machine_arn;
    std::vector<store::Route> routes;
  };
  Result<store::Version> publish(store::Machine& machine, std::string description);
  Result<store::Version> carry(PublishVersion request);
  Result<void> carry(DeleteVersion request);
  Result<Routing> routing(const std::vector<AliasRoute>& asked);
  Result<store::Alias> carry(CreateAlias request);
  Result<store::Alias> carry(UpdateAlias request);
  Result<void> carry(DeleteAlias request);
  Result<void> put_tags(const std::string& arn, std::vector<store::Tag> tags,
                        const std::vector<store::Tag>& set);
  Result<void> carry(ChangeTags request);
  Result<store::Activity> carry(CreateActivity request);
  Result<void> carry(DeleteActivity request);
  bool has_activity(const std::string& arn);
  // activities/: tasks that are answered by whoever holds their token.
  void take(Ask<PollActivity> ask);
  void offer(OfferTask offer);
  void match(const std::string& activity_arn);
  void end_due_polls();
  Result<void> carry(AnswerToken request);

  // open_executions.cc
  struct Request {
    NewExecution execution;
    std::string started_by;  // a task's id, or empty
  };
  struct Opened {
    store::Execution row;
    bool is_new;
  };
  Result<Opened> open_execution(Request request);
  Result<std::optional<store::Execution>> find_same(const Request& request, const std::string& arn);
  OpenExecution* find_open(int64_t id);
  void keep_open(std::unique_ptr<OpenExecution> opened);
  void forget(int64_t id);
  void forget_closed();
  // sleepers.cc
  bool may_sleep(const OpenExecution& open) const;
  void put_to_sleep(const std::vector<int64_t>& executions);
  Result<OpenExecution*> awake(int64_t id);
  Result<OpenExecution*> awake(const std::string& arn);

  // decide.cc: one command of one execution.
  void decide(OpenExecution& open, const execution::Command& command);
  void take_effect(OpenExecution& open, execution::StartTask effect);
  void take_effect(OpenExecution& open, const execution::CancelTask& effect);
  void take_effect(OpenExecution& open, const execution::SetTimer& effect);
  void take_effect(OpenExecution& open, const execution::ClearTimer& effect);
  void take_effect(OpenExecution& open, const execution::Close& effect);
  void end_task(OpenExecution& open, execution::EffectId task);

  // child_tasks.cc: tasks that start executions.
  void take(StartChild command);
  void take(AnswerTask command);
  void take(HandOver command);
  void stop_child(const OpenExecution& parent, execution::EffectId task);
  void child_closed(const OpenExecution& child);

  // recovery.cc
  Result<void> recover();
  Result<std::vector<int64_t>> fold_all_back();
  bool waits_for_the_clock(OpenExecution& recovered);
  Result<std::unique_ptr<OpenExecution>> replayed(store::Execution row);
  Result<std::unique_ptr<OpenExecution>> replayed_on(const asl::Machine&, store::Execution row);
  Result<void> fold_back(store::Execution row);
  Result<Instant> carry(RedriveExecution request);
  Result<void> carry(const ChangeMapRun& request);  // map_runs.cc
  Result<void> carry(KeepRows request);

  const Options options;
  WatchedStore store;
  world::Clock& clock;
  world::Random& random;
  std::vector<TaskRunner*> runners;
  Inbox inbox;
  std::deque<Message> taken;  // out of the inbox, and not decided yet
  std::thread thread;
  std::atomic<Instant> turn_began = Instant();  // the epoch between turns
  Turn turn;
  Timers timers;
  Definitions definitions;
  ChildExecutions children;
  std::unordered_map<int64_t, std::unique_ptr<OpenExecution>> open;
  Sleepers asleep;
  std::unordered_map<int64_t, Error> damaged;  // what runs and cannot be read
  std::unordered_map<std::string, int64_t> open_by_arn;
  std::unordered_map<std::string, int64_t> open_by_starter;  // children, by the id of their task
  std::unordered_map<std::string, store::Machine> machines;
  std::unordered_set<std::string> machines_deleted;          // in this turn
  std::unordered_map<std::string, bool> activities_changed;  // in this turn: whether it is there
  ActivityTasks activity_tasks;
  ActivityPolls polls;
  std::unordered_map<int64_t, Reply<store::Execution>> awaited;  // by execution
  RecentRedrives recent_redrives;
  std::string secret;  // of tokens
  std::deque<Internal> internal;
  std::deque<int64_t> to_stop;  // children whose task has ended
  int64_t next_execution_id = 1;
  std::optional<Error> failure;
};

}  // namespace pawl::engine
