#include <chrono>
#include <filesystem>
#include <fstream>

#include "base/check.h"
#include "base/text.h"
#include "bench/engine/measurements.h"
#include "bench/engine/rig.h"

namespace pawl::bench {
namespace {

constexpr const char* map = R"({"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
  "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
    "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
    "Parameters": {"Bucket": "sales", "Key": "rows.csv"}},
  "ItemBatcher": {"MaxItemsPerBatch": 1000},
  "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "done"}},
  "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    "StartAt": "T", "States": {"T": )";

void write_sheet(const std::string& path, int64_t rows) {
  std::ofstream sheet(path);
  sheet << "id,name,amount\n";
  for (int64_t row = 0; row < rows; ++row)
    sheet << row << ",customer " << row << "," << row % 977 << ".50\n";
}

}  // namespace

json::Value distributed_map(const std::string& directory, int64_t rows) {
  for (const char* bucket : {"/buckets/sales", "/buckets/done"})
    std::filesystem::create_directories(directory + bucket);
  write_sheet(directory + "/buckets/sales/rows.csv", rows);
  Rig rig(directory);
  const std::string machine = rig.create_machine("map", concat(map, task_state(""), "}}}}}"));
  const auto began = std::chrono::steady_clock::now();
  const double cpu_before = cpu_seconds();
  std::atomic<bool> is_over{false};
  int64_t peak = 0;
  std::thread watch([&] {
    while (!is_over) {
      peak = std::max(peak, resident_bytes());
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  rig.start(machine);
  rig.store().wait_closed(1);
  const double took = seconds_since(began), cpu = cpu_seconds() - cpu_before;
  is_over = true;
  watch.join();
  const auto page = rig.engine().executions({.machine_arn = machine});
  CHECK(page.has_value() && page->executions.front().status == "SUCCEEDED");
  return json::Value::object({{"rows", rows},
                              {"seconds", took},
                              {"cpu_us_per_row", cpu / static_cast<double>(rows) * 1e6},
                              {"peak_bytes", peak}});
}

}  // namespace pawl::bench
