#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_range.h"

namespace pawl::execution {

// Numbers and texts as the records hold them: LEB128 varints, signed ones zigzagged, texts behind
// their length. A reader that meets its end answers zero and is broken from then on.

class ByteWriter {
 public:
  void byte(uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void number(uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<uint8_t>(value | 0x80));
    byte(static_cast<uint8_t>(value));
  }
  void integer(int64_t value) {
    number((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
  }
  void real(double value) {
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    bytes_.append(raw, sizeof raw);
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  // A text that whoever keeps the bytes may keep apart from them.
  void large_text(std::string_view value) {
    number(value.size());
    large_.push_back({bytes_.size(), value.size()});
    bytes_ += value;
  }
  size_t size() const { return bytes_.size(); }
  std::string& bytes() { return bytes_; }
  std::vector<ByteRange>& large() { return large_; }

 private:
  std::string bytes_;
  std::vector<ByteRange> large_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool is_broken() const { return is_broken_; }
  bool is_at_end() const { return rest_.empty(); }
  size_t size() const { return rest_.size(); }

  uint8_t byte() {
    const auto piece = take(1);
    return piece.empty() ? 0 : static_cast<uint8_t>(piece[0]);
  }
  uint64_t number() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const uint8_t next = byte();
      value |= static_cast<uint64_t>(next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
    is_broken_ = true;
    return 0;
  }
  int64_t integer() {
    const uint64_t value = number();
    return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1));
  }
  double real() {
    double value = 0;
    const auto piece = take(sizeof value);
    if (!piece.empty()) std::memcpy(&value, piece.data(), sizeof value);
    return value;
  }
  std::string_view text() { return take(number()); }
  // How many things follow; each takes a byte at least, so a wild count is seen before it costs.
  size_t count() {
    const uint64_t value = number();
    if (value > rest_.size()) is_broken_ = true;
    return is_broken_ ? 0 : static_cast<size_t>(value);
  }
  void fail() { is_broken_ = true; }

 private:
  std::string_view take(uint64_t size) {
    if (is_broken_ || size > rest_.size()) {
      is_broken_ = true;
      return {};
    }
    const auto piece = rest_.substr(0, static_cast<size_t>(size));
    rest_.remove_prefix(static_cast<size_t>(size));
    return piece;
  }

  std::string_view rest_;
  bool is_broken_ = false;
};

}  // namespace pawl::execution
