#include "engine/definitions.h"

#include "base/check.h"
#include "engine/limits.h"
#include "engine/service_errors.h"

namespace pawl::engine {

Result<const asl::Machine*> Definitions::acquire(const std::string& text) {
  auto found = entries_.find(text);
  if (found == entries_.end()) {
    asl::Parsed parsed = asl::parse_definition(text);
    if (!parsed.machine) return invalid_definition(parsed.diagnostics);
    found = entries_.emplace(text, Entry{std::move(parsed.machine), 0}).first;
    by_machine_[found->second.machine.get()] = found;
  }
  ++found->second.uses;
  return found->second.machine.get();
}

void Definitions::release(const asl::Machine* machine) {
  const auto found = by_machine_.find(machine);
  CHECK(found != by_machine_.end());
  if (--found->second->second.uses == 0 && entries_.size() > idle_definitions_max) forget_idle();
}

void Definitions::forget_idle() {
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    if (entry->second.uses > 0) {
      ++entry;
      continue;
    }
    by_machine_.erase(entry->second.machine.get());
    entry = entries_.erase(entry);
  }
}

}  // namespace pawl::engine
