#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "asl/machine.h"

namespace pawl::asl {

enum class Severity { error, warning };

// One finding about a definition, in the service's words where it has them (operation
// ValidateStateMachineDefinition).
struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;  // "SCHEMA_VALIDATION_FAILED", "MISSING_TRANSITION_TARGET", …
  std::string message;
  std::string location;         // JSON pointer into the definition, "/States/Copy/Next"
  size_t line = 0, column = 0;  // of that place in the text, from 1; 0 where unknown
  size_t within = 0;            // where the place is a text: that many characters into it
  std::string deeper = {};      // the location that line and column are of, where it is another

  const std::string& place() const { return deeper.empty() ? location : deeper; }
};

struct Parsed {
  std::unique_ptr<const Machine> machine;  // null where a diagnostic is an error
  std::vector<Diagnostic> diagnostics;
};

// Reads and checks a definition. All findings are reported, not just the first. What this program
// cannot do yet (the ItemReader and ResultWriter of a distributed Map) is refused by name.
Parsed parse_definition(std::string_view text, MachineType type = MachineType::standard);

constexpr size_t definition_bytes_max = 1 << 20;

}  // namespace pawl::asl
