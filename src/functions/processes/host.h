#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "functions/processes/admission.h"
#include "functions/processes/errands.h"
#include "functions/processes/process.h"
#include "functions/processes/shelf.h"
#include "world/os_clock.h"

namespace pawl::functions::processes {

struct Settings {
  int concurrency = 1000;             // calls at once in the account
  Duration idle_limit = minutes(10);  // how long a process waits for its next event
  Duration initialisation_limit = seconds(10);
  Duration grace = seconds(2);        // between TERM and KILL
  Duration retry_delay = minutes(1);  // of a call that nobody waits for; the second time twice it
  Surroundings surroundings = {};
};

// Runs functions in processes that speak the Lambda Runtime API: starts them, keeps them warm,
// hands events over and ends those that break a limit. One thread looks after all of them; another
// starts them, a third buries them. Every public function may be called from any thread and does
// not block but where it says so.
class Host {
 public:
  // Ends what an earlier server of that directory has left running. `directory` has the functions.
  static Result<std::unique_ptr<Host>> open(const std::string& directory, Settings settings);
  ~Host();

  using DefinitionPointer = std::shared_ptr<const Definition>;  // kept by whoever runs it
  DefinitionPointer find(std::string_view name) const;
  std::vector<DefinitionPointer> all() const;

  // These block: they write to the disk, and unpacking takes its time, for which nobody else waits.
  // Calls that run end with the code they began with.
  using Change = std::function<Result<void>(Definition&)>;
  Result<ReadyCode> make_ready(const CodeSource& code) const;
  Result<DefinitionPointer> create(Definition definition, ReadyCode code);
  Result<DefinitionPointer> update(const std::string& name, const Change& change);
  Result<DefinitionPointer> update_code(const std::string& name, ReadyCode code,
                                        const Change& change);
  Result<DefinitionPointer> reserve(const std::string& name, std::optional<int> concurrency);
  Result<void> remove(const std::string& name);

  // `done` is called once, from any thread or at once. Where a call of that id runs or waits
  // already, nothing happens.
  void invoke(const std::string& name, Event event, Done done);
  // The process that has it is ended, and nobody is told.
  void cancel(std::string_view id);
  // Accepts the call durably, and makes it later, twice more where it fails. Blocks.
  Result<void> accept(const std::string& name, Event event);

  // For what blocks: it is done on a thread of its own, one after another; what unpacks on another
  // one. What has not begun when all is drained is refused instead.
  void do_later(Errands::Work work, Errands::Work refuse);
  void unpack_later(Errands::Work work, Errands::Work refuse);

  struct Account {
    int concurrency, unreserved, unreserved_min;
  };
  Account account() const;
  void set_account_concurrency(int calls);
  std::string log_path(std::string_view name) const;

  // Refuses what has not begun, ends all processes, TERM first, and waits for them. Calls are told.
  void drain();

 private:
  // A function and its processes.
  struct Fleet {
    Fleet(DefinitionPointer of, std::string log_path)
        : definition(std::move(of)), log(std::move(log_path)) {}
    DefinitionPointer definition;  // null: removed
    LogFile log;
    std::deque<std::unique_ptr<Call>> waiting;
    std::vector<Process*> idle;  // who came last is used first
    int starting = 0, settling = 0;
  };

  Host(std::string directory, Settings settings);
  Result<void> take_up();

  // Runs the work under the lock, then tells what has been settled in it.
  template <typename Work>
  void in_turn(const Work& work);

  // calls.cc: calls on their way to processes. All below are under the lock.
  void settle(std::unique_ptr<Call> call, Answer answer);
  void hand(Process& process, std::unique_ptr<Call> call);
  void take_next(Process& process);
  void start_missing(const std::string& name, Fleet& fleet);
  void start_one(const std::string& name, Fleet& fleet);
  void make_room();
  void adopt(const std::string& name, const DefinitionPointer& definition,
             Result<Launched> launched);
  std::string write_report(Process& process, Fleet& fleet);
  void fail_first_waiting(Fleet& fleet, Answer answer);
  void complete(Process& process, Answer answer);

  // runtime_api.cc: what processes ask.
  void answer(Process& process, Connection& connection, const http::Request& request);
  void answer_next(Process& process, Connection& connection);
  void answer_outcome(Process& process, Connection& connection, const http::Request& request);
  void answer_init_error(Process& process, Connection& connection, const http::Request& request);

  // loop.cc: the thread that looks after them.
  void loop();
  void attend(Watched& watched, uint32_t events);
  void open_door(Process& process);
  void attend_connection(Connection& connection, uint32_t events);
  void drop(Connection& connection);
  void listen_to(Process& process);
  void watch(int descriptor, Watched& watched, uint32_t events);
  void rewatch(Connection& connection);
  void watch_process(Process& process);
  void measure(Process& process);
  void set_due(Process& process, Steady::time_point due);
  void wake();
  int wait_ms();
  void end_due();
  void watch_memory();

  // ending.cc: how processes end.
  void end(Process& process, int signal, std::optional<Answer> last_words);
  bool is_current(const Definition& definition) const;
  void retire_idle(Fleet& fleet);
  void leave_state(Process& process);
  void bury(Process& process);
  void finalize(Process& process, int status, bool is_out_of_memory);
  Answer timed_out(const Process& process);
  Duration initialisation_limit(const Definition& definition) const;
  Answer never_ready(const Process& process);
  static Answer out_of_memory(const Process& process);

  // pending.cc: calls that nobody waits for.
  struct Pending;
  static Result<void> save(const Pending& pending);
  void take_up_pending(const std::string& name);
  void attempt(const std::shared_ptr<Pending>& pending);
  void after_attempt(const std::shared_ptr<Pending>& pending, const Answer& answer);

  DefinitionPointer publish(Definition definition);
  // Removes the code that nobody runs any more, later; of a removed function, all there is.
  void clear_code(const std::string& name);

  Shelf shelf_;
  const Settings settings_;
  world::OsClock clock_;
  const ControlGroups groups_;
  Launcher launcher_{shelf_, groups_, settings_.surroundings};  // on the thread of `starts_`
  std::mutex shelf_mutex_;  // one change of the definitions at a time

  mutable std::mutex mutex_;  // guards all below
  std::map<std::string, Fleet, std::less<>> fleets_;
  std::map<const Process*, std::unique_ptr<Process>> processes_;
  std::set<std::pair<Steady::time_point, Process*>> dues_;
  std::set<Process*> working_;                          // those whose memory is watched
  std::map<std::string, Process*, std::less<>> by_id_;  // null: the call waits
  Admission admission_;
  std::vector<std::pair<std::unique_ptr<Call>, Answer>> settled_;
  std::vector<std::unique_ptr<Process>> buried_;  // until the loop knows them no more
  bool is_draining_ = false, is_over_ = false;
  bool has_worked_ = false;  // since the tick before
  Steady::time_point wakes_at_ = Steady::time_point::max(), ticked_;
  int starts_open_ = 0;
  std::condition_variable emptied_;

  std::atomic<bool> breaks_off_ = false;  // what is being unpacked
  world::FileDescriptor epoll_, wake_;
  Watched wake_watched_{Watched::Kind::wake};
  // Each may lead to those before it. A drain waits for all of the first two. What `later_` has of
  // ours is done to the end: an event that has been handed over is not to be so again.
  Errands starts_, burials_, later_, unpackings_;
  std::thread loop_;
};

template <typename Work>
void Host::in_turn(const Work& work) {
  std::vector<std::pair<std::unique_ptr<Call>, Answer>> settled;
  {
    const std::lock_guard lock(mutex_);
    work();
    settled.swap(settled_);
  }
  for (auto& [call, answer] : settled) call->done(std::move(answer));
}

}  // namespace pawl::functions::processes
