#include "asl/outline.h"
#include "asl/parse.h"
#include "asl/parse/read.h"
#include "base/text.h"
#include "json/parse.h"

namespace pawl::asl {

using json::Value;
using parse::Fields;
using parse::Findings;
using parse::Outline;

namespace {

constexpr size_t excerpt_length_max = 500;

// The place as the service's JSON parser writes it.
std::string source(std::string_view text, size_t offset) {
  const parse::Place place = parse::Lines(text).place(offset);
  std::string excerpt = concat("\"", text.substr(0, excerpt_length_max), "\"");
  if (text.size() > excerpt_length_max)
    excerpt += concat("[truncated ", text.size() - excerpt_length_max, " chars]");
  return concat("[Source: (String)", excerpt, "; line: ", place.line, ", column: ", place.column,
                "]");
}

Diagnostic diagnostic(std::string_view text, const parse::Fault& fault) {
  const std::string where = source(text, fault.end);
  const parse::Place place = parse::Lines(text).place(fault.begin);
  return {Severity::error,
          fault.is_too_deep ? "TOO_DEEPLY_NESTED" : "INVALID_JSON_DESCRIPTION",
          concat(fault.message, "\n at ", where),
          where,
          place.line,
          place.column};
}

// A state that is written twice is lost, so it is an error; any other field has its last value, as
// with the service.
void report_duplicates(std::string_view text, const Outline& outline, Findings& findings) {
  const parse::Lines lines(text);
  for (const auto& duplicate : outline.duplicates) {
    const std::string_view parent =
        std::string_view(duplicate.location)
            .substr(0, duplicate.location.size() - duplicate.name.size() - 1);
    const bool is_state = parent.ends_with("/States");
    const parse::Place place = lines.place(duplicate.offset);
    findings.add({is_state ? Severity::error : Severity::warning,
                  is_state ? "DUPLICATE_STATE_NAME" : "DUPLICATE_FIELD",
                  is_state ? concat("Duplicate State name: ", duplicate.name)
                           : concat("The field '", duplicate.name,
                                    "' is given twice; the last value counts"),
                  duplicate.location, place.line, place.column});
  }
}

// Nothing where the text is no JSON object; the findings say why.
std::optional<Value> read_object(std::string_view text, Findings& findings) {
  if (text.size() > definition_bytes_max) {
    findings.schema("",
                    concat("Definition must not be longer than ", definition_bytes_max, " bytes"));
    return std::nullopt;
  }
  if (trim(text).empty()) {
    findings.schema("", "Definition must be a valid JSON object");
    return std::nullopt;
  }
  const Outline outline = parse::outline_of(text, {});
  if (outline.fault) {
    findings.add(diagnostic(text, *outline.fault));
    return std::nullopt;
  }
  auto value = json::parse(text);
  if (!value) {
    findings.add({Severity::error, "INVALID_JSON_DESCRIPTION", value.error().message(), ""});
    return std::nullopt;
  }
  report_duplicates(text, outline, findings);
  if (value->is_object()) return *std::move(value);
  findings.schema("", "Definition must be a valid JSON object");
  return std::nullopt;
}

void read_machine(const Value& definition, MachineType type, Findings& findings, Machine& machine) {
  Fields fields(definition, "/", findings);
  fields.only("Comment StartAt States Version TimeoutSeconds QueryLanguage");
  machine.comment = fields.text("Comment").value_or("");
  fields.one_of("Version", "1.0");
  machine.timeout_seconds = fields.integer("TimeoutSeconds", {1, 99'999'999});
  const QueryLanguage language = parse::read_language(fields, QueryLanguage::jsonpath);
  parse::Reading reading{findings, type, language};
  machine.states = parse::read_states(fields, reading);
  parse::check_scopes(fields, findings);
}

}  // namespace

Parsed parse_definition(std::string_view text, MachineType type) {
  Findings findings;
  auto machine = std::make_unique<Machine>();
  if (const auto definition = read_object(text, findings))
    read_machine(*definition, type, findings, *machine);
  if (findings.has_errors()) machine.reset();
  return {std::move(machine), std::move(findings).located_in(text)};
}

}  // namespace pawl::asl
