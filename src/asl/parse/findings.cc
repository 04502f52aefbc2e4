#include "asl/parse/findings.h"

#include <algorithm>

#include "asl/parse/outline.h"
#include "base/text.h"

namespace pawl::asl::parse {

namespace {

// How many bytes a text at the offset takes as far as its character of that number.
size_t bytes_into(std::string_view text, size_t offset, size_t characters) {
  if (characters == 0 || offset >= text.size() || text[offset] != '"') return 0;
  size_t at = offset + 1;
  for (; characters > 0 && at < text.size() && text[at] != '"'; --characters) {
    const bool is_escape = text[at] == '\\' && at + 1 < text.size();
    at += is_escape ? (text[at + 1] == 'u' ? 6 : 2) : 1;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
  return std::min(at, text.size()) - offset;
}

}  // namespace

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

void Findings::add(std::string_view location, std::string_view place, const QueryProblem& problem) {
  Diagnostic found{Severity::error, "INVALID_JSONATA_EXPRESSION", problem.message,
                   concat(location, std::string_view(problem.field).substr(place.size()))};
  found.within = problem.position;
  add(std::move(found));
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
    const Place at = lines.place(place->second + bytes_into(text, place->second, found.within));
    found.line = at.line;
    found.column = at.column;
  }
  return std::move(diagnostics_);
}

}  // namespace pawl::asl::parse
