#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::transfers {

// The rows of a CSV text (RFC 4180): fields in quotes may hold the delimiter, line breaks and ""
// for a quote; lines end with LF or CRLF; a byte order mark in front and empty lines are passed
// over. A quote within a field that is not in quotes is a character like others.
class CsvRows {
 public:
  // `first_line` is the text's own; a byte order mark is only looked for in the first.
  explicit CsvRows(std::string_view text, char delimiter = ',', int64_t first_line = 1);

  // Nothing at the end, or where a field's closing quote is missing.
  std::optional<std::vector<std::string>> next();
  // The line of a field that never ends.
  std::optional<int64_t> torn_line() const { return torn_line_; }
  // What has not been read.
  std::string_view rest() const { return rest_; }
  int64_t line() const { return line_; }

 private:
  std::optional<std::string> field();
  std::optional<std::string> quoted_field();
  std::string plain_text();
  bool skip_line_break();

  std::string_view rest_;
  const char delimiter_;
  int64_t line_;
  std::optional<int64_t> torn_line_;
};

}  // namespace pawl::transfers
