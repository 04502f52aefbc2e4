#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "sim/faulty_store.h"
#include "sim/scripted_runner.h"
#include "sim/sim_clock.h"
#include "sim/sim_random.h"
#include "sim/storage.h"

namespace pawl::sim {

// One seed, one life of a server: clients start and stop executions of random machines while tasks
// end in all ways and the server and its disk die at random moments (safety); then the faults stop,
// and everything must come to an end (liveness). The checkers run all the time; what they find is a
// complaint.
class Simulation {
 public:
  Simulation(uint64_t seed, Storage& storage);

  void run(size_t steps);

  const std::vector<std::string>& complaints() const { return complaints_; }
  size_t crashes() const { return crashes_; }
  size_t executions() const { return executions_; }

 private:
  void boot();
  void crash();
  void turn();
  void one_step();
  void time_passes();
  void finish_everything();

  // clients.cc
  void create_machines();
  void create_activity();
  void one_client_asks();
  void start_one();
  void stop_one();
  void redrive_one();
  int64_t redrives_of(const std::string& arn);
  void poll_one();
  void answer_one();

  // task_ends.cc
  static std::optional<std::string> token_of(const json::Value& input);
  void one_task_goes_on();
  void end_task(const std::string& id);

  // checkers.cc
  void check_is_durable(const engine::TaskRequest& request);
  void remember_histories();
  // What was remembered is the beginning of what is there now.
  enum class Which { all, open };
  void check_histories(Which which);
  void check_acknowledged();
  void check_ends();
  void check_outlived(const store::Execution& child);
  void check_end(const store::Execution& execution);
  void complain(std::string complaint);

  SimRandom random_;   // decides what happens
  SimRandom entropy_;  // given to the engine
  SimClock clock_;
  engine::Options options_;
  Storage& storage_;
  MemoryStorage nothing_;  // in place of a store that does not open
  ScriptedRunner runner_;
  std::unique_ptr<FaultyStore> store_;
  std::unique_ptr<engine::Engine> engine_;
  std::vector<std::string> complaints_;
  std::vector<std::string> acknowledged_;  // ARNs of executions
  std::vector<std::string> ended_;         // ids of tasks
  std::vector<std::string> tokens_;        // known to somebody
  std::set<std::string> handed_over_;      // of them, those of activities
  std::set<std::string> answered_;         // tokens, with an answer that was taken
  std::map<std::string, std::vector<execution::HistoryEvent>> histories_;
  std::map<std::string, asl::Parsed> parsed_;
  bool clock_jumps_back_ = false;
  size_t started_ = 0, answers_ = 0, crashes_ = 0, executions_ = 0;
};

}  // namespace pawl::sim
