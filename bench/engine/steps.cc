#include <chrono>
#include <cmath>

#include "base/check.h"
#include "base/text.h"
#include "bench/engine/measurements.h"
#include "bench/engine/rig.h"
#include "store/sqlite.h"

namespace pawl::bench {
namespace {

constexpr int tasks = 10;

std::string ten_tasks() {
  std::string text = R"({"StartAt": "T1", "States": {)";
  for (int i = 1; i <= tasks; ++i)
    text += concat("\"T", i, "\": ", task_state(i < tasks ? concat("T", i + 1) : ""),
                   i < tasks ? ", " : "}}");
  return text;
}

// Rows a second, written as the store writes its journal.
double raw_rows(const std::string& path, int64_t row_bytes, int64_t rows_in_commit,
                double seconds) {
  auto connection = store::Connection::open(path, store::Connection::Mode::read_write);
  CHECK(connection.has_value());
  CHECK((*connection)
            ->execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                      "CREATE TABLE rows (position INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")
            .has_value());
  const std::string bytes(static_cast<size_t>(row_bytes), 'r');
  const auto began = std::chrono::steady_clock::now();
  int64_t rows = 0;
  while (seconds_since(began) < seconds) {
    CHECK((*connection)->statement("BEGIN IMMEDIATE")->run().has_value());
    for (int64_t i = 0; i < rows_in_commit; ++i) {
      auto row = (*connection)->statement("INSERT INTO rows VALUES (?, ?)");
      CHECK(row->bind(++rows).bind_bytes(bytes).run().has_value());
    }
    CHECK((*connection)->statement("COMMIT")->run().has_value());
  }
  return static_cast<double>(rows) / seconds_since(began);
}

}  // namespace

json::Value steps(const std::string& directory, int64_t concurrency, double seconds) {
  Committed before, after;
  double took = 0, cpu = 0;
  {
    Rig rig(directory);
    const std::string machine = rig.create_machine("steps", ten_tasks());
    // What ends is followed by the next, so there are always as many.
    rig.store().on_closed([&](int64_t closed) {
      for (; closed > 0; --closed) rig.start(machine);
    });
    for (int64_t i = 0; i < concurrency; ++i) rig.start(machine);
    rig.store().wait_closed(2 * concurrency);
    before = rig.store().committed();
    const auto began = std::chrono::steady_clock::now();
    const double cpu_before = cpu_seconds();
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    after = rig.store().committed();
    took = seconds_since(began);
    cpu = cpu_seconds() - cpu_before;
    rig.engine().stop();
  }
  const double records = static_cast<double>(after.records - before.records);
  const double commits = static_cast<double>(after.commits - before.commits);
  // The first record of an execution begins it, each other ends a Task.
  const double done = records * tasks / (tasks + 1);
  const auto row_bytes =
      (after.record_bytes - before.record_bytes) / (after.records - before.records);
  const auto rows_in_commit = std::max<int64_t>(1, std::llround(records / commits));
  return json::Value::object({{"steps_per_second", done / took},
                              {"records_per_second", records / took},
                              {"cpu_us_per_step", cpu / done * 1e6},
                              {"commits_per_step", commits / done},
                              {"record_bytes", row_bytes},
                              {"records_in_commit", rows_in_commit},
                              {"raw_rows_per_second", raw_rows(directory + "/raw.db", row_bytes,
                                                               rows_in_commit, seconds)}});
}

json::Value inline_map(const std::string& directory, int64_t items) {
  Rig rig(directory);
  const std::string machine = rig.create_machine(
      "map", concat(R"({"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,)",
                    R"( "ItemProcessor": {"StartAt": "A", "States": {"A": )", task_state("B"),
                    R"(, "B": )", task_state(""), "}}}}}"));
  json::Value::Array numbers;
  for (int64_t i = 0; i < items; ++i) numbers.push_back(json::Value::object({{"item", i}}));
  const auto began = std::chrono::steady_clock::now();
  rig.start(machine, std::move(numbers));
  rig.store().wait_closed(1);
  return json::Value::object({{"items", items}, {"seconds", seconds_since(began)}});
}

}  // namespace pawl::bench
