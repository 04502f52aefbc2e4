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

template <typename Number>
bool read_number(std::string_view& in, Number& number) {
  uint64_t value = 0;
  const bool is_whole = read_varint(in, value);
  number = static_cast<Number>(value);
  return is_whole;
}

bool read_large_parts(std::string_view& in, JournalEntry& entry) {
  size_t count = 0, last = 0;
  if (!read_number(in, count) || count > in.size()) return false;
  for (; count > 0; --count) {
    LargePart part{};
    if (!read_number(in, part.offset) || !read_number(in, part.text_id)) return false;
    if (part.offset < last || part.offset > entry.record.size()) return false;
    last = part.offset;
    entry.large_parts.push_back(part);
  }
  return true;
}

bool read_entry(std::string_view& in, JournalEntry& entry) {
  size_t size = 0;
  if (!read_number(in, entry.execution_id)) return false;
  const bool has_large_parts = entry.execution_id == 0;
  if (has_large_parts && !read_number(in, entry.execution_id)) return false;
  if (!read_number(in, entry.previous) || !read_number(in, size) || size > in.size()) return false;
  entry.record = in.substr(0, size);
  in.remove_prefix(size);
  return !has_large_parts || read_large_parts(in, entry);
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

void JournalWriter::append(int64_t execution_id, int64_t previous, std::string_view record,
                           const std::vector<LargePart>& large_parts) {
  if (!large_parts.empty()) append_varint(row_, 0);
  append_varint(row_, static_cast<uint64_t>(execution_id));
  append_varint(row_, static_cast<uint64_t>(previous));
  append_varint(row_, record.size());
  row_ += record;
  if (!large_parts.empty()) append_varint(row_, large_parts.size());
  for (const LargePart& part : large_parts) {
    append_varint(row_, part.offset);
    append_varint(row_, static_cast<uint64_t>(part.text_id));
  }
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

Result<std::vector<JournalEntry>> read_journal_row(int64_t position, std::string_view bytes,
                                                   std::optional<int64_t> execution_id) {
  if (bytes.size() < checksum_bytes) return corrupt_row(position);
  std::string_view rest = bytes.substr(0, bytes.size() - checksum_bytes);
  if (checksum(position, rest) != bytes.substr(rest.size())) return corrupt_row(position);

  std::vector<JournalEntry> entries;
  while (!rest.empty()) {
    JournalEntry entry{};
    if (!read_entry(rest, entry)) return corrupt_row(position);
    if (execution_id.value_or(entry.execution_id) == entry.execution_id)
      entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace pawl::store
