#include "transfers/csv.h"

#include <algorithm>

namespace pawl::transfers {

CsvRows::CsvRows(std::string_view text, char delimiter, int64_t first_line)
    : rest_(text), delimiter_(delimiter), line_(first_line) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (first_line == 1 && rest_.starts_with(mark)) rest_.remove_prefix(mark.size());
}

bool CsvRows::skip_line_break() {
  const size_t size = rest_.starts_with("\r\n") ? 2 : rest_.starts_with('\n') ? 1 : 0;
  rest_.remove_prefix(size);
  line_ += size > 0 ? 1 : 0;
  return size > 0;
}

std::optional<std::vector<std::string>> CsvRows::next() {
  while (skip_line_break()) {
  }
  if (rest_.empty()) return std::nullopt;
  std::vector<std::string> fields;
  for (;;) {
    auto read = field();
    if (!read) return std::nullopt;
    fields.push_back(*std::move(read));
    if (!rest_.starts_with(delimiter_)) break;
    rest_.remove_prefix(1);
  }
  skip_line_break();
  return fields;
}

std::optional<std::string> CsvRows::field() {
  return rest_.starts_with('"') ? quoted_field() : plain_text();
}

std::string CsvRows::plain_text() {
  const char ends[] = {delimiter_, '\n'};
  const size_t end = std::min(rest_.find_first_of(std::string_view(ends, 2)), rest_.size());
  std::string_view read = rest_.substr(0, end);
  // A carriage return belongs to the line break behind it.
  const bool is_before_break = end < rest_.size() && rest_[end] == '\n';
  if (is_before_break && read.ends_with('\r')) read.remove_suffix(1);
  rest_.remove_prefix(read.size());
  return std::string(read);
}

std::optional<std::string> CsvRows::quoted_field() {
  std::string read;
  const int64_t begun = line_;
  rest_.remove_prefix(1);
  for (;;) {
    const size_t quote = rest_.find('"');
    if (quote == rest_.npos) {
      torn_line_ = begun;
      return std::nullopt;
    }
    const std::string_view piece = rest_.substr(0, quote);
    line_ += std::count(piece.begin(), piece.end(), '\n');
    read += piece;
    rest_.remove_prefix(quote + 1);
    if (!rest_.starts_with('"')) break;
    read += '"';
    rest_.remove_prefix(1);
  }
  // What stands between the closing quote and the delimiter belongs to the field.
  return read + plain_text();
}

}  // namespace pawl::transfers
