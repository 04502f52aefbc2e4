#include "schedules/times/zone_file.h"

#include "schedules/times/zone_rule.h"

namespace pawl::schedules {
namespace {

constexpr std::string_view magic = "TZif";
constexpr size_t header_bytes = 44, type_bytes = 6, leap_second_bytes = 4;

Error damaged(std::string_view what) {
  return Error(ErrorCode::corrupt, "the time zone's file is damaged: " + std::string(what),
               "Install the package tzdata again.");
}

// A signed number, the greatest byte first. REQUIRES: so many bytes are there.
int64_t number_at(std::string_view bytes, size_t at, size_t size) {
  uint64_t number = static_cast<uint8_t>(bytes[at]) >= 0x80 ? UINT64_MAX : 0;
  for (size_t each = 0; each < size; ++each)
    number = number << 8 | static_cast<uint8_t>(bytes[at + each]);
  return static_cast<int64_t>(number);
}

// A header with the block that follows it. There are two: the first has times of 32 bits, and is
// for readers from before the second was added.
struct Block {
  size_t is_utc_count, is_standard_count, leap_count, time_count, type_count, name_bytes;
  size_t time_bytes;  // of a number in it

  size_t types_at() const { return header_bytes + time_count * (time_bytes + 1); }
  size_t size() const {
    return types_at() + type_count * type_bytes + name_bytes +
           leap_count * (time_bytes + leap_second_bytes) + is_standard_count + is_utc_count;
  }
};

std::optional<Block> parse_header(std::string_view bytes, size_t time_bytes) {
  if (bytes.size() < header_bytes || !bytes.starts_with(magic)) return std::nullopt;
  const auto count = [&](size_t which) {
    return static_cast<size_t>(number_at(bytes, 20 + 4 * which, 4)) & UINT32_MAX;
  };
  const Block block{count(0), count(1), count(2), count(3), count(4), count(5), time_bytes};
  if (block.type_count == 0 || block.size() > bytes.size()) return std::nullopt;
  return block;
}

// REQUIRES: the whole block is there.
std::optional<std::vector<Offset>> offsets_of(const Block& block, std::string_view bytes) {
  const auto ahead = [&](size_t type) {
    return seconds(number_at(bytes, block.types_at() + type * type_bytes, 4));
  };
  std::vector<Offset> offsets{{Instant::min(), ahead(0)}};
  for (size_t each = 0; each < block.time_count; ++each) {
    const int64_t time = number_at(bytes, header_bytes + each * block.time_bytes, block.time_bytes);
    const auto type =
        static_cast<uint8_t>(bytes[header_bytes + block.time_count * block.time_bytes + each]);
    if (type >= block.type_count) return std::nullopt;
    // The database begins with the big bang, which microseconds do not reach.
    constexpr int64_t time_max = int64_t{1} << 40;
    if (time > -time_max && time < time_max)
      offsets.push_back({Instant(seconds(time)), ahead(type)});
  }
  return offsets;
}

}  // namespace

Result<std::vector<Offset>> parse_zone_file(std::string_view bytes) {
  const auto first = parse_header(bytes, 4);
  if (!first || bytes[4] < '2') return damaged("it has no header of version 2");
  bytes.remove_prefix(first->size());
  const auto second = parse_header(bytes, 8);
  if (!second) return damaged("its second part is not whole");
  auto offsets = offsets_of(*second, bytes);
  if (!offsets) return damaged("a transition is to nowhere");

  std::string_view last_line = bytes.substr(second->size());
  if (last_line.size() < 2 || !last_line.starts_with('\n') || !last_line.ends_with('\n'))
    return damaged("its last line is missing");
  last_line = last_line.substr(1, last_line.size() - 2);
  if (last_line.empty()) return *std::move(offsets);
  const auto rule = ZoneRule::parse(last_line);
  if (!rule) return damaged("its last line is no rule");
  const Instant known_until = offsets->back().from;
  for (auto year = first_year; year <= last_year + std::chrono::years(1); ++year)
    for (const Offset& change : rule->changes(year))
      if (change.from > known_until) offsets->push_back(change);
  return *std::move(offsets);
}

}  // namespace pawl::schedules
