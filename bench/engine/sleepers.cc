#include <unistd.h>

#include <chrono>

#include "base/check.h"
#include "base/text.h"
#include "base/time.h"
#include "bench/engine/measurements.h"
#include "bench/engine/rig.h"

namespace pawl::bench {
namespace {

constexpr const char* until = R"({"StartAt": "W", "States": {"W": {"Type": "Wait",
  "TimestampPath": "$.until", "End": true}}})";
constexpr int64_t wakes_per_second = 5'000;
constexpr size_t starts_at_once = 20'000;

// One after the other, so many a second.
struct Dues {
  Instant first;
  int64_t per_second = 1;
  Instant at(int64_t number) const { return first + Duration(number * 1'000'000 / per_second); }
};

// Returns when all of them are durable.
void start_all(Rig& rig, const std::string& machine, int64_t count, const Dues& dues) {
  std::mutex mutex;
  std::condition_variable changed;
  int64_t begun = 0;
  const auto wait_for = [&](int64_t least) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return begun >= least; });
  };
  for (int64_t i = 0; i < count; ++i) {
    const auto input = json::Value::object({{"until", format_instant(dues.at(i))}});
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
  const Dues dues{clock.now() + seconds(10 + count / 3'000), wakes_per_second};
  start_all(rig, machine, count, dues);
  const double started = seconds_since(began);
  CHECK(clock.now() < dues.first);
  const int64_t after = resident_bytes();
  Duration latest = Duration::zero();
  for (int64_t closed = 1; closed <= count; closed += 100) {
    rig.store().wait_closed(closed);
    latest = std::max(latest, clock.now() - dues.at(closed - 1));
  }
  rig.store().wait_closed(count);
  return json::Value::object({{"count", count},
                              {"start_seconds", started},
                              {"resident_bytes", after},
                              {"bytes_each", (after - before) / count},
                              {"latest_seconds", static_cast<double>(latest.count()) / 1e6}});
}

void leave_open(const std::string& directory, int64_t count) {
  Rig rig(directory);
  world::OsClock clock;
  start_all(rig, rig.create_machine("sleepers", until), count, {clock.now() + seconds(86'400)});
  _exit(0);
}

json::Value take_up(const std::string& directory) {
  const auto began = std::chrono::steady_clock::now();
  Rig rig(directory);
  const double took = seconds_since(began);
  return json::Value::object({{"seconds", took}, {"resident_bytes", resident_bytes()}});
}

}  // namespace pawl::bench
