#include "transfers/parse_items.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "http/server.h"
#include "json/parse.h"
#include "transfers/csv.h"
#include "transfers/gzip.h"

namespace pawl::transfers {
namespace {

using json::Value;

// The rows of a CSV text as items are made of them.
class Table {
 public:
  // `is_inventory`: every row is as long as the headers, and its keys are percent-encoded.
  Table(const CsvRows& rows, const Row& headers, bool is_inventory)
      : rows_(rows), headers_(headers), is_inventory_(is_inventory) {}

  const Row& headers() const { return headers_; }
  asl::Outcome<std::optional<Row>> next();

 private:
  CsvRows rows_;
  const Row& headers_;
  const bool is_inventory_;
  int64_t number_ = 0;
};

asl::Outcome<std::optional<Row>> Table::next() {
  auto row = rows_.next();
  if (rows_.torn_line())
    return reader_failure(
        concat("The closing quote of a field is missing in line ", *rows_.torn_line(), "."));
  if (!row || !is_inventory_) return row;
  ++number_;
  if (row->size() != headers_.size())
    return reader_failure(concat("Row ", number_, " has ", row->size(), " fields, the fileSchema ",
                                 headers_.size(), "."));
  for (size_t i = 0; i < headers_.size(); ++i)
    if (headers_[i] == "Key") (*row)[i] = http::decode_percent(replace_all((*row)[i], "+", "%20"));
  return row;
}

char delimiter_of(const std::string& name) {
  if (name == "PIPE") return '|';
  if (name == "SEMICOLON") return ';';
  if (name == "SPACE") return ' ';
  return name == "TAB" ? '\t' : ',';
}

// What a row adds to the headers.
int64_t fields_bytes(const Row& headers, const Row& row) {
  int64_t bytes = 0;
  for (size_t i = 0; i < std::min(row.size(), headers.size()); ++i)
    bytes += static_cast<int64_t>(row[i].size());
  return bytes;
}

// Whether all the rows have room, found without making items of them.
asl::Outcome<bool> check_size(Table table, const Items& items) {
  const int64_t headers_size = row_bytes(table.headers(), {});
  int64_t number = 0, bytes = 0;
  while (!items.is_full(number++)) {
    const auto row = TRY(table.next());
    if (!row) break;
    bytes += headers_size + fields_bytes(table.headers(), *row);
    TRY(items.check_room(bytes));
  }
  return true;
}

asl::Outcome<bool> add_rows(Table table, Items& items) {
  TRY(check_size(table, items));
  while (!items.is_full()) {
    auto row = TRY(table.next());
    if (!row) break;
    TRY(items.add(row_item(table.headers(), *std::move(row))));
  }
  return true;
}

}  // namespace

asl::Failure reader_failure(std::string cause) {
  return {"States.ItemReaderFailed", std::move(cause)};
}

CsvForm csv_form(const Value& request) {
  CsvForm form;
  form.has_header_row = request.string_at("CSVHeaderLocation").value_or("") != "GIVEN";
  form.delimiter = delimiter_of(request.string_at("CSVDelimiter").value_or(""));
  for (const Value& header : request["CSVHeaders"].elements())
    form.headers.emplace_back(header.string());
  return form;
}

asl::Outcome<bool> check_headers(const Row& headers) {
  if (std::set<std::string>(headers.begin(), headers.end()).size() < headers.size())
    return reader_failure("CSV headers cannot contain duplicates.");
  return true;
}

Value row_item(const Row& headers, Row row) {
  row.resize(headers.size());
  Value::Object members;
  members.reserve(headers.size());
  for (size_t i = 0; i < headers.size(); ++i) members.push_back({headers[i], row[i]});
  return members;
}

int64_t row_bytes(const Row& headers, const Row& row) {
  constexpr std::string_view around_member = R"("":"",)", around_item = "{},";
  int64_t bytes = around_item.size();
  for (const std::string& header : headers)
    bytes += static_cast<int64_t>(header.size() + around_member.size());
  return bytes + fields_bytes(headers, row);
}

asl::Outcome<bool> Items::check_room(int64_t bytes) const {
  if (bytes_ + bytes <= bytes_max_) return true;
  return reader_failure(
      concat("The items have more than ", bytes_max_, " bytes as text, the limit of this server."));
}

asl::Outcome<bool> Items::add(Value item) {
  const int64_t bytes = static_cast<int64_t>(item.text_size()) + 1;
  TRY(check_room(bytes));
  bytes_ += bytes;
  items_.push_back(std::move(item));
  return true;
}

asl::Outcome<bool> add_csv(std::string_view text, const CsvForm& form, Items& items) {
  if (!json::is_utf8(text)) return reader_failure("The CSV object is not in UTF-8.");
  CsvRows rows(text, form.delimiter);
  Row headers = form.headers;
  if (form.has_header_row) headers = rows.next().value_or(Row());
  TRY(check_headers(headers));
  return add_rows(Table(rows, headers, false), items);
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
  if (!json::is_utf8(text)) return reader_failure("It is not in UTF-8.");
  return add_rows(Table(CsvRows(text), schema, true), items);
}

asl::Outcome<std::string> unpacked(std::string text, uint64_t bytes_max) {
  if (!is_gzip(text)) return text;
  auto plain = gunzip(text, bytes_max);
  if (!plain) return reader_failure(plain.error().message());
  return *std::move(plain);
}

}  // namespace pawl::transfers
