#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"

namespace pawl::store {

// The journal is a sequence of rows, each holding the records of one commit (or a piece of it):
//
//   row    = entry* checksum         checksum: CRC-32C of position and entries, 4 bytes
//   entry  = execution previous length record
//          | 0 execution previous length record count (offset text)*
//
// The second form is of a record whose large parts are kept apart, in `texts`: where in what is
// left of the record each of them belongs, in order.
//
// Numbers are varints (seven bits a byte, low bits first). `previous` is the position of the row
// with the execution's record before this one, 0 for none, so a history is read by walking back
// from the last row. Where one row holds several records of an execution, all but the first of them
// say the row itself.

// Rows are cut at this size: a history is read row by row, and a row brings its neighbours' records
// along.
constexpr size_t journal_row_bytes_max = 16 << 10;

struct JournalRow {
  int64_t position;
  std::string bytes;
};

struct LargePart {
  size_t offset;  // in the record without its large parts
  int64_t text_id;
};

// Packs the records of one commit into rows.
class JournalWriter {
 public:
  explicit JournalWriter(int64_t first_position) : position_(first_position) {}

  void append(int64_t execution_id, int64_t previous, std::string_view record,
              const std::vector<LargePart>& large_parts = {});
  // Where the next record will be.
  int64_t position() const { return position_; }
  // The last row is closed by this.
  std::vector<JournalRow> finish() &&;

 private:
  void close_row();

  int64_t position_;
  std::string row_;
  std::vector<JournalRow> rows_;
};

struct JournalEntry {
  int64_t execution_id;
  int64_t previous;
  std::string_view record;  // points into the row
  std::vector<LargePart> large_parts;
};

// The entries of a row, or those of one execution. Error: corrupt.
Result<std::vector<JournalEntry>> read_journal_row(int64_t position, std::string_view bytes,
                                                   std::optional<int64_t> execution_id = {});

}  // namespace pawl::store
