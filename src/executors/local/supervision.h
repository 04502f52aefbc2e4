#pragma once

#include <map>
#include <string>
#include <vector>

#include "executors/local/control_groups.h"
#include "executors/local/launch.h"
#include "executors/local/ledger.h"
#include "executors/local/logs.h"
#include "executors/local/orphans.h"
#include "executors/local/pools.h"
#include "executors/local/starting.h"
#include "executors/local/supervisor.h"
#include "executors/local/telling.h"

namespace pawl::executors {

// What a supervisor does when something happens; supervisor.cc waits for it to happen.
class Supervision {
 public:
  Supervision(const SupervisorOptions& options, Ground ground);

  Result<void> recover();

  // A server has connected. What an earlier one has said and was not begun is forgotten: it will
  // ask about it.
  void connect(world::FileDescriptor socket);
  void hear();
  // Some of our children have ended.
  void reap();
  // One that an earlier supervisor has started has ended.
  void see_end_of(Entry& entry);
  void kill_overdue();
  void watch_memory();
  // Starts some of what waits and fits, so that ends are seen in between.
  void start_some();
  // Puts down what has happened, and then tells it.
  void tell();
  // Stops all attempts, and begins no other.
  void end_all();

  const MessageLine& line() const { return telling_.line(); }
  Ledger& ledger() { return ledger_; }
  bool has_to_start() const { return pools_.has_next(); }
  // Whether the socket has not taken what is to be told.
  bool has_to_tell() const { return telling_.has_to_tell(); }
  bool is_over() const { return is_ending_ && ledger_.running() == 0; }
  bool is_idle() const {
    return !line().is_open() && ledger_.running() == 0 && !pools_.is_anyone_waiting();
  }
  // When time alone gives something to do.
  std::optional<Steady::time_point> next_deadline() const;

 private:
  void obey(const Message& message);
  void take_up(const std::vector<Attempt>& known);
  void take_batch(Batch batch);
  void start(Entry& entry, const Work& work);
  std::optional<Obstacle> start_process(Entry& entry, const Work& work);
  Result<pid_t, LaunchFailure> launch_in_group(Entry& entry, Launch& plan, const Work& work);
  void leave_room(Entry& entry);
  void stop(const Attempt& attempt);
  void stop(Entry& entry);
  void kill_all(const std::vector<const Entry*>& entries);
  void end(Entry& entry, Ending ending);
  void tell_end(const Entry& entry);

  struct Stopping {
    Attempt attempt;
    Steady::time_point kill_at;
  };

  const SupervisorOptions options_;
  const Ground ground_;
  Ledger ledger_;
  Orphans orphans_;
  Logs logs_;
  std::optional<ControlGroups> groups_;
  Telling telling_;
  Pools pools_;
  // By the name of its attempt, what is to begin once the process of that name has ended that a
  // server with an older store does not know of.
  std::map<std::string, Batch> namesakes_;
  std::vector<Stopping> stopping_;
  Steady::time_point watch_memory_at_ = {};
  bool is_ending_ = false;
};

}  // namespace pawl::executors
