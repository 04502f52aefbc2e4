#include <unistd.h>

#include <chrono>
#include <fstream>

#include "base/check.h"
#include "base/text.h"
#include "base/time.h"
#include "bench/engine/measurements.h"
#include "bench/engine/rig.h"

namespace pawl::bench {
namespace {

constexpr const char* until = R"({"StartAt": "W", "States": {"W": {"Type": "Wait",
  "TimestampPath": "$.until", "End": true}}})";
constexpr size_t starts_at_once = 20'000;

int64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  int64_t pages = 0, resident = 0;
  file >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

// Returns when all of them are durable.
void start_all(Rig& rig, const std::string& machine, int64_t count, Instant due) {
  std::mutex mutex;
  std::condition_variable changed;
  int64_t begun = 0;
  const auto input = json::Value::object({{"until", format_instant(due)}});
  const auto wait_for = [&](int64_t least) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return begun >= least; });
  };
  for (int64_t i = 0; i < count; ++i) {
    rig.engine().start_execution(
        {.machine_arn = machine, .name = {}, .input = input, .input_text = {}},
        [&](Result<engine::Started> started) {
          CHECK(started.has_value());
          std::lock_guard lock(mutex);
          ++begun;
          changed.notify_all();
        });
    wait_for(i - static_cast<int64_t>(starts_at_once));
  }
  wait_for(count);
}

}  // namespace

json::Value sleepers(const std::string& directory, int64_t count) {
  Rig rig(directory);
  const std::string machine = rig.create_machine("sleepers", until);
  world::OsClock clock;
  const int64_t before = resident_bytes();
  const auto began = std::chrono::steady_clock::now();
  // Long enough to start them all, which is checked.
  const Instant due = clock.now() + seconds(10 + count / 10'000);
  start_all(rig, machine, count, due);
  const double started = seconds_since(began);
  CHECK(clock.now() < due);
  const int64_t after = resident_bytes();
  rig.store().wait_closed(1);
  const double first = static_cast<double>((clock.now() - due).count()) / 1e6;
  rig.store().wait_closed(count);
  const double last = static_cast<double>((clock.now() - due).count()) / 1e6;
  return json::Value::object({{"count", count},
                              {"start_seconds", started},
                              {"resident_bytes", after},
                              {"bytes_each", (after - before) / count},
                              {"first_late_seconds", first},
                              {"all_late_seconds", last}});
}

void leave_open(const std::string& directory, int64_t count) {
  Rig rig(directory);
  world::OsClock clock;
  start_all(rig, rig.create_machine("sleepers", until), count, clock.now() + seconds(86'400));
  _exit(0);
}

json::Value take_up(const std::string& directory) {
  const auto began = std::chrono::steady_clock::now();
  Rig rig(directory);
  const double took = seconds_since(began);
  return json::Value::object({{"seconds", took}, {"resident_bytes", resident_bytes()}});
}

}  // namespace pawl::bench
