#include <chrono>
#include <thread>

#include "base/check.h"
#include "base/text.h"
#include "bench/engine/measurements.h"
#include "bench/engine/rig.h"

namespace pawl::bench {
namespace {

constexpr const char* activity_arn = "arn:aws:states:us-east-1:000000000000:activity:work";

// Asks for a task, says that it is done, and asks for the next.
class Worker {
 public:
  Worker(engine::Engine& engine, std::atomic<int64_t>& done) : engine_(engine), done_(done) {}

  void poll() {
    engine_.ask(engine::PollActivity{activity_arn, "worker"},
                [this](Result<engine::ActivityTask> task) {
                  if (task.has_value() && !task->token.empty()) answer(task->token);
                });
  }

 private:
  void answer(const std::string& token) {
    engine_.ask(engine::AnswerToken{token, json::Value("done")}, [this](Result<void> taken) {
      if (!taken.has_value()) return;
      ++done_;
      poll();
    });
  }

  engine::Engine& engine_;
  std::atomic<int64_t>& done_;
};

}  // namespace

json::Value callbacks(const std::string& directory, int64_t count, double seconds) {
  Rig rig(directory);
  rig.engine().ask(engine::CreateActivity{"work", {}, {}},
                   [](Result<store::Activity> made) { CHECK(made.has_value()); });
  const std::string machine = rig.create_machine(
      "callbacks", concat(R"({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": ")",
                          activity_arn, R"(", "End": true}}})"));
  rig.store().on_closed([&](int64_t closed) {
    for (; closed > 0; --closed) rig.start(machine);
  });
  for (int64_t i = 0; i < 2 * count; ++i) rig.start(machine);
  std::atomic<int64_t> done = 0;
  std::vector<std::unique_ptr<Worker>> workers;
  for (int64_t i = 0; i < count; ++i) {
    workers.push_back(std::make_unique<Worker>(rig.engine(), done));
    workers.back()->poll();
  }
  rig.store().wait_closed(2 * count);
  const int64_t before = done;
  const auto began = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  const double rate = static_cast<double>(done - before) / seconds_since(began);
  rig.engine().stop();
  return json::Value::object({{"callbacks_per_second", rate}});
}

}  // namespace pawl::bench
