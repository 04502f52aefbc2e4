#include "store/journal.h"

#include "base/hash.h"
#include "base/text.h"

namespace pawl::store {
namespace {

constexpr size_t checksum_bytes = 4;

void append_varint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

bool read_varint(std::string_view& in, uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(in.front());
    in.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return false;
}

// The position is part of it, so that a row in the wrong place is noticed too.
std::string checksum(int64_t position, std::string_view entries) {
  const uint32_t sum = crc32c(entries, crc32c(concat(position)));
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(sum >> shift);
  return bytes;
}

Error corrupt_row(int64_t position) {
  return Error(ErrorCode::corrupt, concat("the journal's row ", position, " is damaged"),
               "Restore the data directory from a backup.");
}

}  // namespace

void JournalWriter::append(int64_t execution_id, int64_t previous, std::string_view record) {
  append_varint(row_, static_cast<uint64_t>(execution_id));
  append_varint(row_, static_cast<uint64_t>(previous));
  append_varint(row_, record.size());
  row_ += record;
  if (row_.size() >= journal_row_bytes_max) close_row();
}

void JournalWriter::close_row() {
  row_ += checksum(position_, row_);
  rows_.push_back({position_++, std::move(row_)});
  row_.clear();
}

std::vector<JournalRow> JournalWriter::finish() && {
  if (!row_.empty()) close_row();
  return std::move(rows_);
}

Result<std::vector<JournalEntry>> read_journal_row(int64_t position, std::string_view bytes) {
  if (bytes.size() < checksum_bytes) return corrupt_row(position);
  std::string_view rest = bytes.substr(0, bytes.size() - checksum_bytes);
  if (checksum(position, rest) != bytes.substr(rest.size())) return corrupt_row(position);

  std::vector<JournalEntry> entries;
  while (!rest.empty()) {
    uint64_t execution_id = 0, previous = 0, size = 0;
    const bool is_whole = read_varint(rest, execution_id) && read_varint(rest, previous) &&
                          read_varint(rest, size) && size <= rest.size();
    if (!is_whole) return corrupt_row(position);
    entries.push_back(
        {static_cast<int64_t>(execution_id), static_cast<int64_t>(previous), rest.substr(0, size)});
    rest.remove_prefix(size);
  }
  return entries;
}

}  // namespace pawl::store
