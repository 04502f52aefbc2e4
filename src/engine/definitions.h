#pragma once

#include <map>
#include <memory>
#include <string>

#include "asl/parse.h"
#include "base/result.h"

namespace pawl::engine {

// Parsed definitions, one for all executions that run on the same text.
class Definitions {
 public:
  // The machine stays where it is until it was released as often as acquired. Error:
  // InvalidDefinition.
  Result<const asl::Machine*> acquire(const std::string& text);
  void release(const asl::Machine* machine);

 private:
  struct Entry {
    std::unique_ptr<const asl::Machine> machine;
    size_t uses = 0;
  };
  using Entries = std::map<std::string, Entry>;

  void forget_idle();

  Entries entries_;
  std::map<const asl::Machine*, Entries::iterator> by_machine_;
};

}  // namespace pawl::engine
