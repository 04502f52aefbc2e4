#include "transfers/window.h"

#include <algorithm>
#include <limits>
#include <memory>

#include "base/text.h"
#include "json/parse.h"
#include "transfers/csv.h"
#include "transfers/gzip.h"
#include "transfers/object_text.h"
#include "transfers/parse_items.h"

namespace pawl::transfers {
namespace {

using json::Value;

// Of the items of a window as text, each of which counts as some bytes at least.
constexpr int64_t window_bytes = 512 << 10;
constexpr int64_t item_bytes_min = 64;

// One item after another, out of a text that is fetched as it is needed.
class Source {
 public:
  Source(ObjectText text, int64_t line, int64_t bytes_max)
      : text_(std::move(text)), line_(line), bytes_max_(bytes_max) {}
  virtual ~Source() = default;

  // Nothing at the end.
  virtual asl::Outcome<std::optional<Value>> next() = 0;
  // The same without making an item of it; false at the end.
  virtual asl::Outcome<bool> skip() = 0;
  // Where the next item begins.
  virtual Value::Object place() const {
    return {{"Offset", text_.place().offset}, {"Line", line_}, {"ETag", text_.place().etag}};
  }

  asl::Outcome<bool> begin() { return text_.fetch(); }
  bool is_packed() const { return is_gzip(text_.ahead()); }

 protected:
  // An item has no end in what is there, so more of it is needed.
  asl::Outcome<bool> reach_further() {
    if (static_cast<int64_t>(text_.ahead().size()) > bytes_max_) return too_large();
    return text_.fetch();
  }
  asl::Failure too_large() const {
    return reader_failure(
        concat("An item has more than ", bytes_max_, " bytes as text, the limit of this server."));
  }

  ObjectText text_;
  int64_t line_;
  const int64_t bytes_max_;
};

class JsonLines : public Source {
 public:
  using Source::Source;

  asl::Outcome<std::optional<Value>> next() override {
    for (;;) {
      const auto line = TRY(next_line());
      if (!line) return std::optional<Value>();
      const int64_t number = line_++;
      if (trim(*line).empty()) continue;
      auto item = json::parse(*line);
      if (item) return std::optional(*std::move(item));
      return reader_failure(concat("Line ", number, " is no valid JSON: ", item.error().message()));
    }
  }
  asl::Outcome<bool> skip() override { return TRY(next()).has_value(); }

 private:
  // As long as nothing more is fetched.
  asl::Outcome<std::optional<std::string_view>> next_line() {
    for (;;) {
      const std::string_view ahead = text_.ahead();
      const size_t end = ahead.find('\n');
      if (end == ahead.npos && !text_.is_all()) {
        TRY(reach_further());
        continue;
      }
      if (ahead.empty()) return std::optional<std::string_view>();
      text_.take(end == ahead.npos ? ahead.size() : end + 1);
      return std::optional(ahead.substr(0, end));
    }
  }
};

class Sheet : public Source {
 public:
  Sheet(ObjectText text, int64_t line, int64_t bytes_max, CsvForm form)
      : Source(std::move(text), line, bytes_max), form_(std::move(form)) {}

  // REQUIRES: nothing was read, or the headers are those of the form.
  asl::Outcome<bool> read_headers() {
    if (form_.has_header_row) {
      TRY(read_row());
      form_.headers = row_;
      form_.has_header_row = false;
    }
    return check_headers(form_.headers);
  }

  asl::Outcome<std::optional<Value>> next() override {
    if (!TRY(skip())) return std::optional<Value>();
    return std::optional(row_item(form_.headers, std::move(row_)));
  }
  asl::Outcome<bool> skip() override {
    if (!TRY(read_row())) return false;
    if (row_bytes(form_.headers, row_) > bytes_max_) return too_large();
    return true;
  }
  Value::Object place() const override {
    Value::Object place = Source::place();
    place.push_back({"Headers", Value::Array(form_.headers.begin(), form_.headers.end())});
    return place;
  }

 private:
  asl::Outcome<bool> read_row() {
    for (;;) {
      const std::string_view ahead = text_.ahead();
      CsvRows rows(ahead, form_.delimiter, line_);
      auto row = rows.next();
      // What touches the end of what is there may go on behind it.
      if (rows.rest().empty() || rows.torn_line()) {
        if (!text_.is_all()) {
          TRY(reach_further());
          continue;
        }
        if (rows.torn_line())
          return reader_failure(
              concat("The closing quote of a field is missing in line ", *rows.torn_line(), "."));
      }
      const size_t size = ahead.size() - rows.rest().size();
      if (!json::is_utf8(ahead.substr(0, size)))
        return reader_failure("The CSV object is not in UTF-8.");
      line_ = rows.line();
      text_.take(size);
      if (row) row_ = *std::move(row);
      return row.has_value();
    }
  }

  CsvForm form_;
  std::vector<std::string> row_;
};

asl::Outcome<std::unique_ptr<Source>> source_of(objects::Bucket& bucket, const Value& request,
                                                const world::Cancellation& cancellation) {
  const Value after = request["After"];
  const int64_t bytes_max =
      request.integer_at("BytesMax").value_or(std::numeric_limits<int64_t>::max());
  ObjectText text(bucket, cancellation, request["Parameters"].string_at("Key").value_or(""),
                  {static_cast<uint64_t>(after.integer_at("Offset").value_or(0)),
                   after.string_at("ETag").value_or("")});
  const int64_t line = after.integer_at("Line").value_or(1);
  std::unique_ptr<Source> source;
  if (request.string_at("InputType") != "CSV") {
    source = std::make_unique<JsonLines>(std::move(text), line, bytes_max);
    TRY(source->begin());
    return source;
  }
  CsvForm form = csv_form(request);
  if (after.is_object()) {
    form.has_header_row = false;
    form.headers.clear();
    for (const Value& header : after["Headers"].elements())
      form.headers.emplace_back(header.string());
  }
  auto sheet = std::make_unique<Sheet>(std::move(text), line, bytes_max, std::move(form));
  TRY(sheet->begin());
  if (!sheet->is_packed()) TRY(sheet->read_headers());
  source = std::move(sheet);
  return source;
}

}  // namespace

bool has_windows(const Value& request) {
  const std::string type = request.string_at("InputType").value_or("");
  return (type == "CSV" || type == "JSONL") &&
         request.string_at("Resource").value_or("").ends_with("s3:getObject") &&
         request["Parameters"]["Key"].is_string();
}

asl::Outcome<std::optional<Value>> read_window(objects::Bucket& bucket, const Value& request,
                                               const world::Cancellation& cancellation) {
  const auto source = TRY(source_of(bucket, request, cancellation));
  if (source->is_packed()) return std::optional<Value>();
  const Value after = request["After"];
  const int64_t given = request.integer_at("MaxItems").value_or(0);
  const int64_t most = given > 0 ? given : std::numeric_limits<int64_t>::max();
  int64_t count = after.integer_at("Items").value_or(0), bytes = 0;
  Value::Array items;
  bool is_end = false;
  while (bytes < window_bytes && !is_end) {
    auto item = count < most ? TRY(source->next()) : std::nullopt;
    is_end = !item;
    if (is_end) break;
    bytes += std::max(static_cast<int64_t>(item->text_size()), item_bytes_min);
    items.push_back(*std::move(item));
    ++count;
  }
  Value::Object window{{"Items", std::move(items)}, {"Next", nullptr}};
  if (!is_end) {
    Value::Object next = source->place();
    next.push_back({"Items", count});
    window[1].value = std::move(next);
  }
  if (after.is_null()) {
    while (!is_end && count < most && TRY(source->skip())) ++count;
    window.push_back({"Total", count});
  }
  return std::optional(Value(std::move(window)));
}

}  // namespace pawl::transfers
