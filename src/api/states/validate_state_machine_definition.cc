#include "api/fields.h"
#include "api/states/actions.h"
#include "asl/parse.h"

namespace pawl::api::states {
namespace {

using json::Value;

Value to_json(const asl::Diagnostic& diagnostic) {
  const bool is_error = diagnostic.severity == asl::Severity::error;
  auto value = Value::object({{"severity", is_error ? "ERROR" : "WARNING"},
                              {"code", diagnostic.code},
                              {"message", diagnostic.message}});
  return diagnostic.location.empty() ? value : value.with("location", diagnostic.location);
}

Result<Value> validate(const Value& input) {
  const auto definition = TRY(required_text(input, "definition"));
  const auto severity = TRY(one_of(input, "severity", {"ERROR", "WARNING"}, "ERROR"));
  TRY(one_of(input, "type", {"STANDARD", "EXPRESS"}, "STANDARD"));
  const auto most = static_cast<size_t>(
      TRY(bounded_number(input, "maxResults", {.least = 0, .most = 100, .otherwise = 100})));
  const auto parsed = asl::parse_definition(definition);
  Value::Array diagnostics;
  bool is_truncated = false;
  for (const auto& diagnostic : parsed.diagnostics) {
    if (severity == "ERROR" && diagnostic.severity != asl::Severity::error) continue;
    is_truncated = diagnostics.size() == most;
    if (is_truncated) break;
    diagnostics.push_back(to_json(diagnostic));
  }
  return Value::object({{"result", parsed.machine ? "OK" : "FAIL"},
                        {"diagnostics", std::move(diagnostics)},
                        {"truncated", is_truncated}});
}

}  // namespace

void validate_state_machine_definition(const Rooms&, const Value& input, const Answer& answer) {
  answer(validate(input));
}

}  // namespace pawl::api::states
