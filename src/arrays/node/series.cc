#include "arrays/node/series.h"

#include <charconv>
#include <concepts>

#include "arrays/node/checksum.h"
#include "base/text.h"
#include "json/write.h"

namespace pawl::arrays {
namespace {

constexpr int64_t epoch_ms = 1663639968158, step_ms = 3'600'000;
constexpr int32_t value_least = 10, values_different = 19'990;

// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
uint64_t next(uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

std::string_view as_value(int32_t value, char (&digits)[16]) {
  return {digits, static_cast<size_t>(std::to_chars(digits, digits + 16, value).ptr - digits)};
}

std::string_view as_open(int32_t value, char (&)[16]) {
  return value > open_above ? "true" : "false";
}

using Cell = std::string_view (*)(int32_t value, char (&digits)[16]);

std::string line_of(const Series& series, std::string_view column, Cell cell) {
  std::string out = concat("{\"id\":", series.id_json, ",\"first\":", series.first,
                           ",\"step\":", series.step, ",\"", column, "\":[");
  out.reserve(out.size() + series.values.size() * 6 + 2);
  char digits[16];
  for (size_t at = 0; at < series.values.size(); ++at) {
    if (at > 0) out += ',';
    out += cell(series.values[at], digits);
  }
  return out += "]}";
}

std::string document_of(const Series& series, std::string_view column, Cell cell) {
  std::string out = "[";
  out.reserve(series.values.size() * 48);
  char digits[16];
  for (size_t at = 0; at < series.values.size(); ++at) {
    if (at > 0) out += ',';
    text_detail::append(out, "{\"timestamp\":");
    text_detail::append(out, series.first + static_cast<int64_t>(at) * series.step);
    out += ",\"";
    out += column;
    out += "\":";
    out += cell(series.values[at], digits);
    out += '}';
  }
  return out += ']';
}

// Takes a text apart from its beginning.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool take(std::string_view literal) {
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }
  template <std::integral Integer>
  bool take(Integer& number) {
    const auto end = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (end.ec != std::errc()) return false;
    rest_.remove_prefix(end.ptr - rest_.data());
    return true;
  }
  // A JSON string, its quotes and escapes kept.
  bool take_string(std::string& text) {
    if (!rest_.starts_with('"')) return false;
    for (size_t at = 1; at < rest_.size(); ++at) {
      if (rest_[at] == '\\') {
        ++at;
      } else if (rest_[at] == '"') {
        text = rest_.substr(0, at + 1);
        rest_.remove_prefix(at + 1);
        return true;
      }
    }
    return false;
  }
  bool is_at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

Series series_of(std::string_view seed, int64_t node, std::string_view id) {
  const auto digest = digest_of(concat(seed, "\n", node, "\n", id));
  uint64_t state = 0;
  for (int byte = 7; byte >= 0; --byte) state = state << 8 | digest[byte];
  Series series{.first = epoch_ms + step_ms, .step = step_ms};
  json::append_string(series.id_json, id);
  series.values.resize(points_per_id);
  for (int32_t& value : series.values)
    value = value_least + static_cast<int32_t>(next(state) % values_different);
  return series;
}

std::string value_line(const Series& series) { return line_of(series, "values", as_value); }
std::string value_document(const Series& series) { return document_of(series, "value", as_value); }
std::string open_line(const Series& series) { return line_of(series, "open", as_open); }
std::string open_document(const Series& series) { return document_of(series, "open", as_open); }

std::optional<Series> parse_value_line(std::string_view line) {
  Scanner text(line);
  Series series;
  if (!text.take("{\"id\":") || !text.take_string(series.id_json) || !text.take(",\"first\":") ||
      !text.take(series.first) || !text.take(",\"step\":") || !text.take(series.step) ||
      !text.take(",\"values\":["))
    return std::nullopt;
  while (!text.take("]}")) {
    int32_t value = 0;
    if ((!series.values.empty() && !text.take(",")) || !text.take(value)) return std::nullopt;
    series.values.push_back(value);
  }
  if (!text.is_at_end()) return std::nullopt;
  return series;
}

std::optional<Series> parse_value_document(std::string_view document) {
  Scanner text(document);
  Series series{.step = step_ms};
  if (!text.take("[")) return std::nullopt;
  while (!text.take("]")) {
    int64_t timestamp = 0;
    int32_t value = 0;
    if ((!series.values.empty() && !text.take(",")) || !text.take("{\"timestamp\":") ||
        !text.take(timestamp) || !text.take(",\"value\":") || !text.take(value) || !text.take("}"))
      return std::nullopt;
    if (series.values.empty()) series.first = timestamp;
    const auto count = static_cast<int64_t>(series.values.size());
    if (timestamp != series.first + count * series.step) return std::nullopt;
    series.values.push_back(value);
  }
  if (!text.is_at_end()) return std::nullopt;
  return series;
}

}  // namespace pawl::arrays
