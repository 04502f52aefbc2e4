#include "api/fields.h"
#include "api/states/actions.h"
#include "asl/parse.h"
#include "engine/express.h"

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
  const auto severity = input.string_at("severity").value_or("ERROR");
  const size_t most = page_of(input).size_max;
  auto parsed = asl::parse_definition(text_of(input, "definition"));
  bool is_good = parsed.machine != nullptr;
  if (is_good && text_of(input, "type") == "EXPRESS") {
    const auto found = engine::express_findings(*parsed.machine);
    parsed.diagnostics.insert(parsed.diagnostics.end(), found.begin(), found.end());
    is_good = found.empty();
  }
  Value::Array diagnostics;
  bool is_truncated = false;
  for (const auto& diagnostic : parsed.diagnostics) {
    if (severity == "ERROR" && diagnostic.severity != asl::Severity::error) continue;
    is_truncated = diagnostics.size() == most;
    if (is_truncated) break;
    diagnostics.push_back(to_json(diagnostic));
  }
  return Value::object({{"result", is_good ? "OK" : "FAIL"},
                        {"diagnostics", std::move(diagnostics)},
                        {"truncated", is_truncated}});
}

}  // namespace

void validate_state_machine_definition(const Rooms&, const Value& input, const Answer& answer) {
  answer(validate(input));
}

}  // namespace pawl::api::states
