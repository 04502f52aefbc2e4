#include "store/log_damage.h"

#include <string_view>

namespace pawl::store {
namespace {

constexpr size_t header_bytes = 32, frame_header_bytes = 24;
// The sums are of words with the low byte first, or the high one.
constexpr uint32_t magic_little = 0x377f0682, magic_big = 0x377f0683;

uint32_t number_at(std::string_view bytes, size_t at) {
  uint32_t number = 0;
  for (size_t i = 0; i < 4; ++i) number = number << 8 | static_cast<uint8_t>(bytes[at + i]);
  return number;
}

struct Sum {
  uint32_t first = 0, second = 0;
  bool operator==(const Sum&) const = default;
};

Sum sum_at(std::string_view bytes, size_t at) {
  return {number_at(bytes, at), number_at(bytes, at + 4)};
}

class Log {
 public:
  // Nothing where this is no header, or is not whole: then a crash may have torn it, and all
  // behind it is of the log before.
  static std::optional<Log> of(std::string_view header) {
    if (header.size() < header_bytes) return std::nullopt;
    const uint32_t magic = number_at(header, 0), page_bytes = number_at(header, 8);
    if (magic != magic_little && magic != magic_big) return std::nullopt;
    const Log log(header, magic == magic_big, page_bytes);
    if (log.add({}, header.substr(0, 24)) != log.header_sum_) return std::nullopt;
    return log;
  }

  size_t frame_bytes() const { return frame_header_bytes + page_bytes_; }
  uint64_t offset_of(uint64_t frame) const { return header_bytes + frame * frame_bytes(); }
  Sum sum_of_header() const { return header_sum_; }

  static Sum sum_of(std::string_view frame) { return sum_at(frame, 16); }
  static bool ends_transaction(std::string_view frame) { return number_at(frame, 4) != 0; }
  // Whether it is of this log and follows a frame with that sum.
  bool follows(Sum sum, std::string_view frame) const {
    if (frame.substr(8, 8) != salts_ || number_at(frame, 0) == 0) return false;
    return add(add(sum, frame.substr(0, 8)), frame.substr(frame_header_bytes)) == sum_of(frame);
  }

 private:
  Log(std::string_view header, bool is_big, uint32_t page_bytes)
      : is_big_(is_big),
        page_bytes_(page_bytes),
        salts_(header.substr(16, 8)),
        header_sum_(sum_at(header, 24)) {}

  Sum add(Sum sum, std::string_view bytes) const {
    for (size_t at = 0; at < bytes.size(); at += 8) {
      sum.first += word_at(bytes, at) + sum.second;
      sum.second += word_at(bytes, at + 4) + sum.first;
    }
    return sum;
  }
  uint32_t word_at(std::string_view bytes, size_t at) const {
    const uint32_t word = number_at(bytes, at);
    return is_big_ ? word : __builtin_bswap32(word);
  }

  bool is_big_;
  uint32_t page_bytes_;
  std::string salts_;
  Sum header_sum_;
};

}  // namespace

Result<std::optional<uint64_t>> damage_in_log(const ReadLog& read) {
  const auto log = Log::of(TRY(read(0, header_bytes)));
  if (!log) return std::optional<uint64_t>();
  std::optional<uint64_t> damage;
  Sum before = log->sum_of_header();
  bool has_ended = false;  // a transaction, behind the damage
  for (uint64_t number = 0;; ++number) {
    const std::string frame = TRY(read(log->offset_of(number), log->frame_bytes()));
    if (frame.size() < log->frame_bytes()) return std::optional<uint64_t>();
    const bool follows = log->follows(before, frame);
    before = Log::sum_of(frame);
    if (!damage && !follows) damage = log->offset_of(number);
    if (!damage || !follows) continue;
    if (has_ended) return damage;
    has_ended = Log::ends_transaction(frame);
  }
}

}  // namespace pawl::store
