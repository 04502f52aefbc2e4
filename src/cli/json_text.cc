#include "cli/json_text.h"

#include "asl/outline.h"
#include "base/text.h"
#include "json/parse.h"

namespace pawl::cli {
namespace {

constexpr std::string_view quoted_source = "[Source: (String)";

std::string at(std::string_view where, asl::parse::Place place) {
  return concat(where, ":", place.line, ":", place.column, ": ");
}

// A finding may quote a value as large as the definition.
std::string shortened(std::string text) {
  constexpr size_t shown_max = 400, tail = 100;
  if (text.size() <= shown_max + tail) return text;
  const auto is_within_character = [&](size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
  };
  size_t begin = shown_max, end = text.size() - tail;
  while (is_within_character(begin)) --begin;
  while (end < text.size() && is_within_character(end)) ++end;
  return concat(std::string_view(text).substr(0, begin), " [", end - begin, " bytes more] ",
                std::string_view(text).substr(end));
}

}  // namespace

Result<json::Value> parse_json(std::string_view text, std::string_view where) {
  auto value = json::parse(text);
  if (value) return value;
  const auto fault = asl::parse::outline_of(text, {}).fault;
  if (!fault) return std::move(value).error().within(where);
  const asl::parse::Place place = asl::parse::Lines(text).place(fault->begin);
  return Error(ErrorCode::invalid_argument, concat(at(where, place), fault->message));
}

std::vector<std::string> placed(std::string_view text, std::string_view where,
                                const std::vector<Remark>& remarks) {
  asl::parse::Wanted wanted;
  for (const Remark& remark : remarks) wanted.insert(remark.location);
  const auto outline = asl::parse::outline_of(text, wanted);
  const asl::parse::Lines lines(text);
  std::vector<std::string> out;
  for (const Remark& remark : remarks) {
    const auto found = outline.places.find(remark.location);
    const size_t offset = found == outline.places.end() ? 0 : found->second;
    out.push_back(at(where, lines.place(offset)) + remark.message);
  }
  return out;
}

asl::Diagnostic for_people(asl::Diagnostic diagnostic) {
  const size_t quote = diagnostic.message.find(concat("\n at ", quoted_source));
  if (quote != diagnostic.message.npos) diagnostic.message.erase(quote);
  if (diagnostic.location.starts_with(quoted_source)) diagnostic.location.clear();
  diagnostic.message = shortened(std::move(diagnostic.message));
  diagnostic.location = shortened(std::move(diagnostic.location));
  return diagnostic;
}

std::string diagnostic_line(std::string_view file, const asl::Diagnostic& diagnostic) {
  const asl::Diagnostic shown = for_people(diagnostic);
  std::string out(file);
  if (shown.line > 0) out += concat(":", shown.line, ":", shown.column);
  const bool is_error = shown.severity == asl::Severity::error;
  out += concat(is_error ? ": error: " : ": warning: ", shown.message);
  if (!shown.code.empty()) out += concat(" [", shown.code, "]");
  if (!shown.location.empty()) out += concat(" at ", shown.location);
  return out + "\n";
}

Result<void> check_definition(std::string_view text, std::string_view file) {
  const asl::Parsed parsed = asl::parse_definition(text);
  if (parsed.machine != nullptr) return {};
  std::string lines;
  for (const asl::Diagnostic& diagnostic : parsed.diagnostics) {
    if (diagnostic.severity == asl::Severity::error) lines += diagnostic_line(file, diagnostic);
  }
  return Error(ErrorCode::invalid_argument, std::string(trim(lines)));
}

}  // namespace pawl::cli
