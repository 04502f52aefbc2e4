#include "asl/parse/findings.h"

#include <algorithm>

#include "asl/outline.h"
#include "base/text.h"

namespace pawl::asl::parse {

namespace {

// Behind so many characters of the string whose opening quote is at `at`, or at its closing quote.
size_t behind_characters(std::string_view text, size_t at, size_t characters) {
  for (++at; characters > 0 && at < text.size() && text[at] != '"'; --characters) {
    const bool is_escape = text[at] == '\\' && at + 1 < text.size();
    at += is_escape ? (text[at + 1] == 'u' ? 6 : 2) : 1;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
  return std::min(at, text.size());
}

// The value of what stands at the place: of a member that is its name.
size_t value_at(std::string_view text, size_t place) {
  constexpr std::string_view blanks = " \t\r\n";
  const size_t name_end = behind_characters(text, place, text.size()) + 1;
  const size_t colon = text.find_first_not_of(blanks, name_end);
  if (colon == text.npos || text[colon] != ':') return place;
  return std::min(text.find_first_not_of(blanks, colon + 1), text.size());
}

// The place behind so many characters of the string that stands there.
size_t place_within(std::string_view text, size_t place, size_t characters) {
  const auto is_string = [&](size_t at) { return at < text.size() && text[at] == '"'; };
  if (characters == 0 || !is_string(place)) return place;
  const size_t value = value_at(text, place);
  return is_string(value) ? behind_characters(text, value, characters) : place;
}

}  // namespace

void Findings::add(Diagnostic diagnostic) { diagnostics_.push_back(std::move(diagnostic)); }

void Findings::schema(std::string_view location, std::string message) {
  add({Severity::error, "SCHEMA_VALIDATION_FAILED", std::move(message), std::string(location)});
}

void Findings::unsupported(std::string_view location, std::string message) {
  add({Severity::error, "UNSUPPORTED", std::move(message), std::string(location)});
}

void Findings::add(std::string_view location, const Error& error, std::string_view deeper) {
  const bool is_unsupported = error.code() == ErrorCode::unsupported;
  Diagnostic found{Severity::error, is_unsupported ? "UNSUPPORTED" : "SCHEMA_VALIDATION_FAILED",
                   error.message(), std::string(location)};
  found.deeper = concat(location, deeper);
  add(std::move(found));
}

void Findings::add(std::string_view location, std::string_view place, const QueryProblem& problem) {
  Diagnostic found{Severity::error, std::string(problem.code), problem.message,
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
    if (found.line == 0 && !found.location.empty()) wanted.insert(found.place());
  if (wanted.empty()) return std::move(diagnostics_);
  const Outline outline = outline_of(text, wanted);
  const Lines lines(text);
  for (Diagnostic& found : diagnostics_) {
    const auto place = outline.places.find(found.place());
    if (found.line != 0 || place == outline.places.end()) continue;
    const Place at = lines.place(place_within(text, place->second, found.within));
    found.line = at.line;
    found.column = at.column;
  }
  return std::move(diagnostics_);
}

}  // namespace pawl::asl::parse
