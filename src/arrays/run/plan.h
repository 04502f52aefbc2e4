#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arrays/node/layout.h"
#include "arrays/services.h"
#include "base/result.h"
#include "json/value.h"

namespace pawl::arrays {

// Sizes of AWS Batch: an array has 2 to 10,000 children, so one node alone is a plain job.
constexpr int64_t array_size_max = 10'000;
constexpr int64_t ids_max = 5'000'000, ids_per_node_max = 10'000, default_ids_per_node = 40;

// Some of the nodes, which are one array job of each step.
struct Slice {
  int64_t first_node = 0, nodes = 0;
};

// What a run was asked to be. Everything but the ids themselves.
struct Request {
  std::string seed = {};    // empty: the run's name
  std::string bucket = {};  // by name
  std::optional<int64_t> per_node = {}, nodes = {};
  std::optional<Layout> layout = {};
  std::vector<Step> steps = {};
  bool is_synced = false, is_checked = true;
};
// The input of pawl-arrays-init without its "ids"; a member that nobody reads is a mistake. Error:
// invalid_argument.
Result<Request> parse_request(const json::Value& event);

// Whether one of them, the one that is called egress, brings results into the bucket.
bool publishes(const std::vector<Step>& steps);

// How ids are split over nodes: as evenly as can be, in their order.
struct Split {
  int64_t ids = 0, nodes = 0;

  // Where the ids of a node begin; of the one behind the last: where they end.
  int64_t begin(int64_t node) const { return node * ids / nodes; }
  std::vector<Slice> slices() const;
};
// Where nothing is said, 40 to a node, or more, so that one array has room for all nodes.
Result<Split> split_of(int64_t ids, const Request& request);

}  // namespace pawl::arrays
