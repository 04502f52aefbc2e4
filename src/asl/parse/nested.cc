#include "asl/parse/read.h"
#include "base/text.h"

// The kinds of state that hold states.
namespace pawl::asl::parse {

using json::Value;

Parallel read_parallel(Fields& fields, Reading& reading) {
  Parallel parallel;
  fields.required({"Branches"});
  const Value* branches = fields.non_empty_array("Branches");
  if (branches == nullptr) return parallel;
  for (size_t at = 0; at < branches->size(); ++at) {
    const Value& branch = branches->elements()[at];
    const std::string location = concat(fields.location("Branches"), "[", at, "]");
    if (!branch.is_object()) {
      reading.findings.schema(location, "Expected value of type Object");
      continue;
    }
    Fields container(branch, location, reading.findings);
    container.only("Comment StartAt States");
    parallel.branches.push_back(read_states(container, reading));
  }
  return parallel;
}

Map read_map(Fields& fields, Reading& reading) {
  Map map;
  const auto processor = fields.at_most_one({"ItemProcessor", "Iterator"});
  if (!processor) fields.required({"ItemProcessor"});
  if (const Value* value = processor ? fields.object(*processor) : nullptr) {
    Fields container(*value, fields.location(*processor), reading.findings);
    container.only("Comment StartAt States ProcessorConfig");
    map.is_distributed = read_is_distributed(container, reading);
    map.processor = read_states(container, reading);
  }
  map.items_path = fields.path("ItemsPath", PathRule::reference);
  map.items = read_items(fields);
  const auto selector = fields.at_most_one({"ItemSelector", "Parameters"});
  if (selector) map.item_selector = fields.payload(*selector);
  map.max_concurrency = fields.integer_or_path("MaxConcurrency", {0});
  map.tolerated_failure_count = fields.integer_or_path("ToleratedFailureCount", {0});
  map.tolerated_failure_percentage = fields.number_or_path("ToleratedFailurePercentage", {0, 100});
  map.label = fields.non_empty_text("Label");
  read_distributed(fields, map);
  return map;
}

}  // namespace pawl::asl::parse
