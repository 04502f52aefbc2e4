#pragma once

#include <map>
#include <memory>
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
  void finish_everything();

  // What clients do.
  void create_machines();
  void start_one();
  void stop_one();

  // What happens to tasks.
  void one_task_goes_on();
  void end_task(const std::string& id);

  // Checkers.
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
  std::map<std::string, std::vector<execution::HistoryEvent>> histories_;
  std::map<std::string, asl::Parsed> parsed_;
  size_t started_ = 0, crashes_ = 0, executions_ = 0;
};

}  // namespace pawl::sim
