#include "store/row_checksums.h"

#include <sqlite3.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/hash.h"
#include "base/text.h"

namespace pawl::store {
namespace {

// Gathers small pieces, so that most rows are summed in one go.
class Sum {
 public:
  // Its type, its number or length, and the bytes of a text.
  void add(sqlite3_value* value) {
    const int type = sqlite3_value_type(value);
    if (type == SQLITE_INTEGER) return add(type, sqlite3_value_int64(value));
    if (type == SQLITE_NULL) return add(type, 0);
    const auto* start = static_cast<const char*>(sqlite3_value_blob(value));
    const int size = sqlite3_value_bytes(value);
    add(type, size);
    add({start, static_cast<size_t>(size)});
  }
  uint32_t finish() {
    sum_gathered();
    return sum_;
  }

 private:
  void add(int type, int64_t number) {
    static_assert(std::endian::native == std::endian::little, "the order that the file has");
    char bytes[1 + sizeof number] = {static_cast<char>(type)};
    std::memcpy(bytes + 1, &number, sizeof number);
    add({bytes, sizeof bytes});
  }
  void add(std::string_view bytes) {
    if (bytes.empty()) return;
    if (bytes.size() > sizeof gathered_ - used_) sum_gathered();
    if (bytes.size() > sizeof gathered_) {
      sum_ = crc32c(bytes, sum_);
      return;
    }
    std::memcpy(gathered_ + used_, bytes.data(), bytes.size());
    used_ += bytes.size();
  }
  void sum_gathered() {
    sum_ = crc32c({gathered_, used_}, sum_);
    used_ = 0;
  }

  char gathered_[1024];
  size_t used_ = 0;
  uint32_t sum_ = 0;
};

void sum_values(sqlite3_context* context, int count, sqlite3_value** values) {
  Sum sum;
  for (int i = 0; i < count; ++i) sum.add(values[i]);
  sqlite3_result_int64(context, sum.finish());
}

void xor_numbers(sqlite3_context* context, int count, sqlite3_value** values) {
  int64_t all = 0;
  for (int i = 0; i < count; ++i) {
    if (sqlite3_value_type(values[i]) == SQLITE_NULL) return;  // null is what it gives then
    all ^= sqlite3_value_int64(values[i]);
  }
  sqlite3_result_int64(context, all);
}

}  // namespace

int add_checksum_functions(sqlite3* database) {
  constexpr int kind = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  const int status = sqlite3_create_function_v2(database, "crc32c", -1, kind, nullptr, sum_values,
                                                nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) return status;
  return sqlite3_create_function_v2(database, "xor", -1, kind, nullptr, xor_numbers, nullptr,
                                    nullptr, nullptr);
}

std::string insertion(std::string_view verb, std::string_view columns) {
  std::string values = "?1";
  const auto commas = std::count(columns.begin(), columns.end(), ',');
  for (int64_t i = 2; i <= commas + 1; ++i) values += concat(", ?", i);
  return concat(verb, " (", columns, ", checksum) VALUES (", values, ", crc32c(", values, "))");
}

std::string is_whole(std::string_view columns) {
  return concat("checksum = crc32c(", columns, ")");
}

Error damaged_row(std::string_view whose) {
  return Error(ErrorCode::corrupt, concat(whose, " is damaged: it is not what its checksum is of"),
               "Restore the data directory from a backup.");
}

}  // namespace pawl::store
