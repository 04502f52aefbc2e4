#include "sim/simulation.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

#include "base/log.h"
#include "sim/storage.h"
#include "world/scratch_directory.h"

namespace pawl::sim {
namespace {

// PAWL_SEED=n replays one seed instead of the range.
std::vector<uint64_t> seeds(uint64_t count) {
  if (const char* seed = std::getenv("PAWL_SEED")) return {std::strtoull(seed, nullptr, 10)};
  std::vector<uint64_t> all;
  for (uint64_t seed = 1; seed <= count; ++seed) all.push_back(seed);
  return all;
}

// A seed takes ten times as long with the sanitizers.
#ifdef __SANITIZE_ADDRESS__
constexpr uint64_t seeds_in_memory = 20, seeds_on_files = 2;
#else
constexpr uint64_t seeds_in_memory = 200, seeds_on_files = 6;
#endif

struct Totals {
  size_t crashes = 0, executions = 0;
};

Totals run_all(uint64_t count, const std::function<std::unique_ptr<Storage>(uint64_t)>& storage) {
  set_log_level(LogLevel(static_cast<int>(LogLevel::error) + 1));
  Totals totals;
  for (const uint64_t seed : seeds(count)) {
    const auto place = storage(seed);
    Simulation simulation(seed, *place);
    simulation.run(200);
    totals.crashes += simulation.crashes();
    totals.executions += simulation.executions();
    for (const std::string& complaint : simulation.complaints()) {
      ADD_FAILURE() << complaint << "\nreplay with PAWL_SEED=" << seed;
    }
    if (!simulation.complaints().empty()) break;
  }
  return totals;
}

TEST(simulation, loses_and_doubles_nothing_over_crashes_and_failing_disks) {
  const Totals totals =
      run_all(seeds_in_memory, [](uint64_t) { return std::make_unique<MemoryStorage>(); });
  // A simulation in which nothing happens proves nothing.
  EXPECT_GT(totals.executions, totals.crashes);
  EXPECT_GT(totals.crashes, 0u);
}

TEST(simulation, loses_and_doubles_nothing_on_real_files) {
  world::ScratchDirectory directory;
  run_all(seeds_on_files, [&](uint64_t seed) {
    return std::make_unique<SqliteStorage>(directory / std::to_string(seed), seed);
  });
}

}  // namespace
}  // namespace pawl::sim
