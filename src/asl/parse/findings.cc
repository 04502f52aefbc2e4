#include "asl/parse/findings.h"

#include <algorithm>

#include "asl/parse/outline.h"

namespace pawl::asl::parse {

void Findings::add(Diagnostic diagnostic) { diagnostics_.push_back(std::move(diagnostic)); }

void Findings::schema(std::string_view location, std::string message) {
  add({Severity::error, "SCHEMA_VALIDATION_FAILED", std::move(message), std::string(location)});
}

void Findings::unsupported(std::string_view location, std::string message) {
  add({Severity::error, "UNSUPPORTED", std::move(message), std::string(location)});
}

void Findings::add(std::string_view location, const Error& error) {
  if (error.code() == ErrorCode::unsupported) return unsupported(location, error.message());
  schema(location, error.message());
}

bool Findings::has_errors() const {
  return std::any_of(diagnostics_.begin(), diagnostics_.end(),
                     [](const Diagnostic& found) { return found.severity == Severity::error; });
}

std::vector<Diagnostic> Findings::located_in(std::string_view text) && {
  Wanted wanted;
  for (const Diagnostic& found : diagnostics_)
    if (found.line == 0 && !found.location.empty()) wanted.insert(found.location);
  if (wanted.empty()) return std::move(diagnostics_);
  const Outline outline = outline_of(text, wanted);
  const Lines lines(text);
  for (Diagnostic& found : diagnostics_) {
    const auto place = outline.places.find(found.location);
    if (found.line != 0 || place == outline.places.end()) continue;
    const Place at = lines.place(place->second);
    found.line = at.line;
    found.column = at.column;
  }
  return std::move(diagnostics_);
}

}  // namespace pawl::asl::parse
