#include "base/text.h"

#include <cmath>

#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/functions/call.h"
#include "asl/jsonata/functions/families.h"
#include "asl/jsonata/text/letter_case.h"
#include "asl/jsonata/text/utf8.h"

namespace pawl::asl::jsonata {
namespace {

Answer string(Call& call) {
  if (!call.has(0)) return Item();
  if (call[0].is_string()) return call[0];
  auto text = to_text(call[0], call.has(1) && call[1].is_true());
  if (!text) return call.fail(std::move(text).error());
  return call.text(*text);
}

// From the character `begin` up to `end`, counted as Array.slice does it.
std::string_view slice(std::string_view text, double begin, double end) {
  const auto count = static_cast<double>(character_count(text));
  const auto place = [&](double index) {
    index = std::trunc(index);
    return index < 0 ? std::max(0.0, count + index) : std::min(index, count);
  };
  const double first = place(begin), last = place(end);
  if (last <= first) return {};
  const size_t from = offset_of(text, static_cast<size_t>(first));
  const auto rest = text.substr(from);
  return rest.substr(0, offset_of(rest, static_cast<size_t>(last - first)));
}

Answer substring(Call& call) {
  if (!call.has(0)) return Item();
  const std::string_view text = call[0].text();
  const auto count = static_cast<double>(character_count(text));
  double start = call.has(1) ? call[1].number() : 0;
  if (count + start < 0) start = 0;
  if (!call.has(2)) return call.text(slice(text, start, count));
  const double length = call[2].number();
  if (length <= 0 || !call.has(1)) return call.text("");
  const double end = start >= 0 ? start + length : count + start + length;
  return call.text(slice(text, start, end));
}

Answer substring_before(Call& call) {
  if (!call.has(0)) return Item();
  const std::string_view text = call[0].text();
  const size_t place = find_text(text, call.has(1) ? call[1].text() : "undefined");
  return place == text.npos ? call[0] : call.text(text.substr(0, place));
}

Answer substring_after(Call& call) {
  if (!call.has(0)) return Item();
  const std::string_view text = call[0].text();
  if (!call.has(1)) return call[0];
  const size_t place = find_text(text, call[1].text());
  if (place == text.npos) return call[0];
  return call.text(text.substr(place + call[1].text().size()));
}

Answer lowercase(Call& call) {
  if (!call.has(0)) return Item();
  return call.text(to_lower(call[0].text()));
}

Answer uppercase(Call& call) {
  if (!call.has(0)) return Item();
  return call.text(to_upper(call[0].text()));
}

Answer length(Call& call) {
  if (!call.has(0)) return Item();
  return static_cast<double>(character_count(call[0].text()));
}

Answer trim(Call& call) {
  if (!call.has(0)) return Item();
  const std::string_view text = call[0].text();
  std::string out;
  out.reserve(text.size());
  bool is_blank = true;  // leading blanks go, too
  for (const char c : text) {
    const bool was_blank = std::exchange(is_blank, c == ' ' || c == '\t' || c == '\n' || c == '\r');
    if (is_blank && was_blank) continue;
    out += is_blank ? ' ' : c;
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return call.text(out);
}

Answer pad(Call& call) {
  if (!call.has(0)) return Item();
  const std::string_view text = call[0].text();
  const double width = call.has(1) ? std::trunc(call[1].number()) : 0;
  const std::string_view filler = call.has(2) && !call[2].text().empty() ? call[2].text() : " ";
  const double missing = std::abs(width) - static_cast<double>(character_count(text));
  if (!(missing > 0)) return call[0];
  constexpr double missing_max = 1e15;
  TRY(call.run.may_take(static_cast<size_t>(std::min(missing, missing_max)) * filler.size()));
  std::string padded(width > 0 ? text : "");
  size_t at = 0;
  for (auto count = static_cast<size_t>(missing); count > 0; --count) {
    if (at == filler.size()) at = 0;
    const size_t size = character_size(filler, at);
    padded += filler.substr(at, size);
    at += size;
  }
  return call.text(width > 0 ? padded : padded.append(text));
}

Answer join(Call& call) {
  if (!call.has(0)) return Item();
  const std::string_view separator = call.has(1) ? call[1].text() : "";
  size_t size = 0;
  for (size_t at = 0; at < call[0].size(); ++at)
    size += call[0].at(at).text().size() + separator.size();
  TRY(call.run.may_take(size));
  std::string out;
  out.reserve(size);
  for (size_t at = 0; at < call[0].size(); ++at) {
    if (at > 0) out += separator;
    out += call[0].at(at).text();
  }
  return call.text(out);
}

}  // namespace

std::span<const FunctionRow> text_functions() {
  static constexpr FunctionRow rows[] = {
      {"string", "<x-b?:s>", 1, string, 2},
      {"substring", "<s-nn?:s>", 3, substring},
      {"substringBefore", "<s-s:s>", 2, substring_before},
      {"substringAfter", "<s-s:s>", 2, substring_after},
      {"lowercase", "<s-:s>", 1, lowercase},
      {"uppercase", "<s-:s>", 1, uppercase},
      {"length", "<s-:n>", 1, length},
      {"trim", "<s-:s>", 1, trim},
      {"pad", "<s-ns?:s>", 3, pad},
      {"join", "<a<s>s?:s>", 2, join},
  };
  return rows;
}

}  // namespace pawl::asl::jsonata
