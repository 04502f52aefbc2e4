#include "sim/simulation.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

#include "base/log.h"
#include "base/text.h"
#include "sim/storage.h"
#include "world/scratch_directory.h"

namespace pawl::sim {
namespace {

// A seed takes ten times as long with the sanitizers.
#ifdef __SANITIZE_ADDRESS__
constexpr uint64_t seeds_in_memory = 20, seeds_on_files = 5;
#else
constexpr uint64_t seeds_in_memory = 200, seeds_on_files = 50;
#endif

// Seeds of a block: those of block n follow those of block n - 1. PAWL_SEED=n replays one seed
// instead.
std::vector<uint64_t> seeds(uint64_t block, uint64_t count) {
  if (const char* seed = std::getenv("PAWL_SEED")) return {std::strtoull(seed, nullptr, 10)};
  std::vector<uint64_t> all;
  for (uint64_t seed = 1; seed <= count; ++seed) all.push_back(block * count + seed);
  return all;
}

struct Totals {
  size_t crashes = 0, executions = 0;
};

using Place = std::function<std::unique_ptr<Storage>(uint64_t seed)>;

Totals run_all(const std::vector<uint64_t>& seeds, const Place& place) {
  set_log_level(LogLevel(static_cast<int>(LogLevel::error) + 1));
  Totals totals;
  for (const uint64_t seed : seeds) {
    const auto storage = place(seed);
    Simulation simulation(seed, *storage);
    simulation.run(200);
    totals.crashes += simulation.crashes();
    totals.executions += simulation.executions();
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    for (const std::string& complaint : simulation.complaints()) {
      ADD_FAILURE() << complaint << "\nreplay: PAWL_SEED=" << seed
                    << " build/release/sim/simulation_test --gtest_filter='"
                    << test->test_suite_name() << "." << test->name() << "'";
    }
    if (!simulation.complaints().empty()) break;
  }
  return totals;
}

Totals run_in_memory(const std::vector<uint64_t>& seeds) {
  return run_all(seeds, [](uint64_t) { return std::make_unique<MemoryStorage>(); });
}

Totals run_on_files(const std::vector<uint64_t>& seeds) {
  const world::ScratchDirectory directory(world::memory_or_temporary_directory());
  return run_all(seeds, [&](uint64_t seed) {
    return std::make_unique<SqliteStorage>(directory / concat(seed), seed);
  });
}

TEST(simulation, loses_and_doubles_nothing_over_crashes) {
  const Totals totals = run_in_memory(seeds(0, seeds_in_memory / 2));
  // A simulation in which nothing happens proves nothing.
  EXPECT_GT(totals.executions, totals.crashes);
  EXPECT_GT(totals.crashes, 0u);
}

TEST(simulation, loses_and_doubles_nothing_on_failing_disks) {
  run_on_files(seeds(0, seeds_on_files / 10));
}

class many_seeds : public ::testing::TestWithParam<uint64_t> {};
INSTANTIATE_TEST_SUITE_P(blocks, many_seeds, ::testing::Range<uint64_t>(0, 8));

TEST_P(many_seeds, lose_and_double_nothing_over_crashes) {
  run_in_memory(seeds(GetParam(), seeds_in_memory));
}

TEST_P(many_seeds, lose_and_double_nothing_on_failing_disks) {
  run_on_files(seeds(GetParam(), seeds_on_files));
}

}  // namespace
}  // namespace pawl::sim
