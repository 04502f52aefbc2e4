#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "asl/machine.h"
#include "execution/execution.h"
#include "store/store.h"

namespace pawl::engine {

// What the row tells of an execution; who runs it adds what its tokens are made of.
execution::Identity identity_of(const store::Execution& row, json::Value input);

// All that the story of an execution is told from, as the store has it.
struct Past {
  std::unique_ptr<const asl::Machine> machine;
  execution::Identity identity;
  std::vector<std::string> records;
};
// Error: corrupt, or InvalidDefinition.
Result<Past> past_of(store::Store& store, const store::Execution& row);

// The row of an execution, where there is one. Error: as naming() makes it.
Result<std::optional<store::Execution>> stored_row(store::Store& store, const std::string& arn);

// The error, where it is that stored data are damaged, with whose they are and what to do.
Error naming(const std::string& arn, Error error);

}  // namespace pawl::engine
