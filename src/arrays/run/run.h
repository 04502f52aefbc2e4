#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "arrays/node/layout.h"
#include "arrays/run/plan.h"
#include "base/result.h"
#include "json/value.h"

namespace pawl::arrays {

inline constexpr std::string_view run_file = "run.json", all_ids_file = "ids.csv";

// A run as its run.json has it: on the volume while it runs, in its bucket once it was checked.
struct Run {
  std::string name = {}, execution_arn = {}, seed = {}, bucket = {};
  Split split = {};
  Layout layout = Layout::bundle;
  std::vector<Step> steps = {};
  bool is_synced = false, is_checked = true;
  std::string ids_checksum = {};  // of ids.csv

  json::Value shown() const;
};
Result<Run> parse_run(std::string_view text);

}  // namespace pawl::arrays
