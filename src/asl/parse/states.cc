#include "asl/parse/read.h"
#include "base/text.h"

namespace pawl::asl::parse {
namespace {

using json::Value;

constexpr size_t name_length_max = 80;

size_t characters(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

void check_name(std::string_view name, const std::string& location, Reading& reading) {
  if (name.empty() || characters(name) > name_length_max)
    reading.findings.add({Severity::error, "INVALID_STATE_NAME",
                          concat("State name must have 1 to ", name_length_max, " characters"),
                          location});
  if (!reading.names.emplace(name).second)
    reading.findings.add({Severity::error, "DUPLICATE_STATE_NAME",
                          concat("Duplicate State name: ", name), location});
}

}  // namespace

QueryLanguage read_language(Fields& fields, QueryLanguage of_machine) {
  if (!fields.has("QueryLanguage")) return of_machine;
  const auto language = fields.text("QueryLanguage");
  if (language == "JSONPath") {
    // A machine in JSONata may hold no state in JSONPath.
    if (of_machine == QueryLanguage::jsonata)
      fields.findings().schema(fields.location(),
                               "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for "
                               "whole state machine");
    return QueryLanguage::jsonpath;
  }
  if (language && *language != "JSONata")
    fields.findings().schema(fields.location("QueryLanguage"),
                             "The field 'QueryLanguage' should have one of these values: "
                             "[JSONPath, JSONata]");
  return QueryLanguage::jsonata;
}

States read_states(Fields& container, Reading& reading) {
  container.required({"States", "StartAt"});
  States states;
  states.start_at = container.text("StartAt").value_or("");
  const Value* members = container.object("States");
  if (members == nullptr) return states;
  if (members->size() == 0)
    reading.findings.schema(container.location("States"), "Value cannot be empty");
  for (const auto& [name, value] : members->members()) {
    const std::string location = concat(container.location("States"), "/", name);
    check_name(name, location, reading);
    if (!value.is_object()) {
      reading.findings.schema(location, "Expected value of type Object");
      continue;
    }
    Fields fields(value, location, reading.findings);
    if (auto state = read_state(name, fields, reading))
      states.by_name.emplace(name, std::move(state));
  }
  check_transitions(container, reading.findings);
  return states;
}

}  // namespace pawl::asl::parse
