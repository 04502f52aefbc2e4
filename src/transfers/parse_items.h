#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "asl/failure.h"
#include "json/value.h"

namespace pawl::transfers {

// The items in the text of an object, by its format. Failure: States.ItemReaderFailed.

asl::Failure reader_failure(std::string cause);

// Gathers items up to a number and a size as text.
class Items {
 public:
  // `most` 0: no limit but the size.
  Items(int64_t most, int64_t bytes_max) : most_(most), bytes_max_(bytes_max) {}

  // Whether it is, or would be with so many `more`.
  bool is_full(int64_t more = 0) const {
    return most_ > 0 && static_cast<int64_t>(items_.size()) + more >= most_;
  }
  // Whether so many bytes more may be added.
  asl::Outcome<bool> check_room(int64_t bytes) const;
  asl::Outcome<bool> add(json::Value item);
  json::Value take() { return std::move(items_); }

 private:
  const int64_t most_, bytes_max_;
  int64_t bytes_ = 0;
  json::Value::Array items_;
};

using Row = std::vector<std::string>;
struct CsvForm {
  bool has_header_row = true;
  Row headers;  // where it has none
  char delimiter = ',';
};
// As the request asks for it.
CsvForm csv_form(const json::Value& request);
asl::Outcome<bool> check_headers(const Row& headers);
// The row as an object: what it lacks is empty, what it has besides is left out.
json::Value row_item(const Row& headers, Row row);
// How large that would be as text: a short row may be a large item where there are many headers.
int64_t row_bytes(const Row& headers, const Row& row);

asl::Outcome<bool> add_csv(std::string_view text, const CsvForm& form, Items& items);
asl::Outcome<bool> add_json(std::string_view text, Items& items);
asl::Outcome<bool> add_json_lines(std::string_view text, Items& items);
// The rows of a file of an inventory; the keys in it are percent-encoded. A row that has not as
// many fields as the schema has been cut, so it fails.
asl::Outcome<bool> add_inventory(std::string_view text, const std::vector<std::string>& schema,
                                 Items& items);

// Where the text begins as gzip does, what is in it.
asl::Outcome<std::string> unpacked(std::string text, uint64_t bytes_max);

}  // namespace pawl::transfers
