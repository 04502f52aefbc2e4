#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "engine/engine.h"
#include "functions/runtime.h"
#include "store/passing_store.h"
#include "transfers/transfers.h"
#include "world/os_clock.h"

namespace pawl::bench {

// What has been committed, counted on the loop's thread.
struct Committed {
  int64_t commits = 0, records = 0, record_bytes = 0, closed = 0;
};

// Counts, and says after each commit how many executions have closed with it.
class CountingStore : public store::PassingStore {
 public:
  explicit CountingStore(std::unique_ptr<store::Store> inner)
      : PassingStore(*inner), inner_(std::move(inner)) {}

  void on_closed(std::function<void(int64_t)> told) { told_ = std::move(told); }
  Committed committed();
  // Until so many executions have closed since the store was opened.
  void wait_closed(int64_t count);
  Result<void> commit(const std::vector<store::Write>& writes) override;

 private:
  std::unique_ptr<store::Store> inner_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Committed committed_;
  std::function<void(int64_t)> told_;
};

// The engine on its real store, with a built-in function "nothing" that answers with its input, and
// buckets in the folder "buckets".
class Rig {
 public:
  explicit Rig(const std::string& directory);
  ~Rig();

  // Its ARN.
  std::string create_machine(const std::string& name, const std::string& definition);
  void start(const std::string& machine_arn, const json::Value& input = json::Value::object());

  CountingStore& store() { return *store_; }
  engine::Engine& engine() { return engine_; }

 private:
  world::OsClock clock_;
  world::OsRandom random_;
  std::unique_ptr<CountingStore> store_;
  functions::Registry registry_;
  engine::Engine engine_;
  functions::Runtime functions_;
  transfers::Transfers transfers_;
};

int64_t resident_bytes();  // of this process
double seconds_since(std::chrono::steady_clock::time_point began);
// Of this process, all threads.
double cpu_seconds();

// A Task on "nothing", as a state's text without its name.
std::string task_state(const std::string& next);

}  // namespace pawl::bench
