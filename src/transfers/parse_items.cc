#include "transfers/parse_items.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "http/server.h"
#include "json/parse.h"
#include "transfers/csv.h"
#include "transfers/gzip.h"

namespace pawl::transfers {
namespace {

using json::Value;

// The row as an object: what it lacks is empty, what it has besides is left out.
Value item_of(const std::vector<std::string>& headers, std::vector<std::string> row) {
  row.resize(headers.size());
  Value::Object members;
  members.reserve(headers.size());
  for (size_t i = 0; i < headers.size(); ++i) members.push_back({headers[i], row[i]});
  return members;
}

// Where a byte of `text` begins no character, or one that is not UTF-8.
bool is_utf8(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const auto first = static_cast<unsigned char>(text[at]);
    const size_t size = first < 0x80   ? 1
                        : first < 0xc2 ? 0
                        : first < 0xe0 ? 2
                        : first < 0xf0 ? 3
                        : first < 0xf5 ? 4
                                       : 0;
    if (size == 0 || at + size > text.size()) return false;
    for (size_t i = 1; i < size; ++i)
      if ((static_cast<unsigned char>(text[at + i]) & 0xc0) != 0x80) return false;
    const auto second = size > 2 ? static_cast<unsigned char>(text[at + 1]) : 0;
    const bool is_too_long = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    const bool is_no_character =
        (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90);
    if (is_too_long || is_no_character) return false;
    at += size;
  }
  return true;
}

asl::Outcome<bool> add_rows(CsvRows& rows, const std::vector<std::string>& headers, Items& items) {
  while (!items.is_full()) {
    auto row = rows.next();
    if (!row) break;
    TRY(items.add(item_of(headers, *std::move(row))));
  }
  if (!rows.torn_line()) return true;
  return reader_failure(
      concat("The closing quote of a field is missing in line ", *rows.torn_line(), "."));
}

}  // namespace

asl::Failure reader_failure(std::string cause) {
  return {"States.ItemReaderFailed", std::move(cause)};
}

asl::Outcome<bool> Items::add(Value item) {
  bytes_ += static_cast<int64_t>(item.text_size()) + 1;
  if (bytes_ > bytes_max_)
    return reader_failure(concat("The items have more than ", bytes_max_,
                                 " bytes as text, the limit of this server."));
  items_.push_back(std::move(item));
  return true;
}

asl::Outcome<bool> add_csv(std::string_view text, const CsvForm& form, Items& items) {
  if (!is_utf8(text)) return reader_failure("The CSV object is not in UTF-8.");
  CsvRows rows(text, form.delimiter);
  std::vector<std::string> headers = form.headers;
  if (form.has_header_row) headers = rows.next().value_or(std::vector<std::string>());
  if (std::set<std::string>(headers.begin(), headers.end()).size() < headers.size())
    return reader_failure("CSV headers cannot contain duplicates.");
  return add_rows(rows, headers, items);
}

asl::Outcome<bool> add_json(std::string_view text, Items& items) {
  const auto parsed = json::parse(text);
  if (!parsed)
    return reader_failure(concat("The object is no valid JSON: ", parsed.error().message()));
  if (!parsed->is_array()) return reader_failure("Attempting to map over non-iterable node.");
  for (const Value& item : parsed->elements()) {
    if (items.is_full()) break;
    TRY(items.add(item));
  }
  return true;
}

asl::Outcome<bool> add_json_lines(std::string_view text, Items& items) {
  int64_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (items.is_full()) break;
    if (trim(line).empty()) continue;
    auto item = json::parse(line);
    if (!item)
      return reader_failure(concat("Line ", number, " is no valid JSON: ", item.error().message()));
    TRY(items.add(*std::move(item)));
  }
  return true;
}

asl::Outcome<bool> add_inventory(std::string_view text, const std::vector<std::string>& schema,
                                 Items& items) {
  if (!is_utf8(text)) return reader_failure("A file of the inventory is not in UTF-8.");
  CsvRows rows(text);
  while (!items.is_full()) {
    auto row = rows.next();
    if (!row) break;
    row->resize(schema.size());
    for (size_t i = 0; i < schema.size(); ++i)
      if (schema[i] == "Key") (*row)[i] = http::decode_percent(replace_all((*row)[i], "+", "%20"));
    TRY(items.add(item_of(schema, *std::move(row))));
  }
  return true;
}

asl::Outcome<std::string> unpacked(std::string text, uint64_t bytes_max) {
  if (!is_gzip(text)) return text;
  auto plain = gunzip(text, bytes_max);
  if (!plain) return reader_failure(plain.error().message());
  return *std::move(plain);
}

}  // namespace pawl::transfers
