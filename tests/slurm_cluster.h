#pragma once

#include <sys/types.h>

#include <string>
#include <thread>
#include <vector>

#include "base/time.h"
#include "world/os_processes.h"

namespace pawl::executors {

// Waits until the condition holds; how long that takes decides nothing but a failure.
template <typename Condition>
bool comes_true(Condition condition) {
  for (int turn = 0; turn < 3000; ++turn) {
    if (condition()) return true;
    std::this_thread::sleep_for(milliseconds(20));
  }
  return false;
}

// A Slurm of one node, with munge, in a directory and on ports of its own. It has more processors
// than the machine: what the tests run mostly sleeps.
class SlurmCluster {
 public:
  static constexpr int array_size = 50;
  static constexpr int processors = 32;

  // Why there can be none here, or nothing.
  static std::string missing();

  // Whether Slurm stops what takes more memory than it asked for. One such at a time on a machine:
  // the control groups have the numbers of the jobs.
  enum class Memory { unlimited, limited };
  static bool can_limit_memory();

  explicit SlurmCluster(Memory memory = Memory::unlimited);
  SlurmCluster(const SlurmCluster&) = delete;
  ~SlurmCluster();

  void start_controller();
  void kill_controller();
  // All that the controller knows now is known to the next one, too.
  void wait_until_saved();
  // A new controller that knows of no job.
  void forget_jobs();
  // The machine goes away: its daemon, and these processes.
  void lose_node(const std::vector<pid_t>& running);

  std::string configuration_file() const { return path_of("slurm.conf"); }
  std::string shared() const { return path_of("shared"); }  // what all nodes see
  std::string logs() const { return path_of("logs"); }
  std::string path_of(const std::string& name) const { return directory_ + "/" + name; }
  void touch(const std::string& name) const;  // a file that all nodes see

  // What the commands write, within this cluster.
  std::string ask(const std::string& commands) const;

 private:
  void configure(Memory memory) const;
  pid_t start(const std::vector<std::string>& arguments);

  std::string directory_;
  world::OsProcesses processes_;
  world::Cancellation never_;
  pid_t munged_ = 0, controller_ = 0, node_ = 0;
};

}  // namespace pawl::executors
