#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "arrays/node/layout.h"
#include "base/result.h"

namespace pawl::arrays {

// What a worker knows of its node.
struct Node {
  std::string run_directory = {};
  int64_t index = 0;  // of the node in the run
  std::string seed = {};
  Layout layout = Layout::bundle;
  std::string bucket_directory = {};  // of the run, in the bucket
  bool is_synced = false;             // each file is on the disk before it is seen
};

// The three steps. Each reads what the one before it has left, refuses it where a checksum differs,
// and may be repeated: it writes the same files again. Errors: corrupt, where what it reads is
// wrong and will stay so; everything else may go by.
Result<void> procure(const Node& node);
Result<void> process(const Node& node);
Result<void> egress(const Node& node);

// One id on a line. Error: corrupt, where a line is empty or the last one torn.
Result<std::vector<std::string>> parse_ids(std::string_view lines, const std::string& where);

}  // namespace pawl::arrays
