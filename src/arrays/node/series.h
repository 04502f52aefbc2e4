#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::arrays {

// The points of an id: value i, counted from 1, is of the moment first + (i - 1) * step, in
// milliseconds since the epoch.
struct Series {
  std::string id_json = {};  // the id as a JSON string, quotes included
  int64_t first = 0, step = 0;
  std::vector<int32_t> values = {};
};

inline constexpr int64_t points_per_id = 500;
inline constexpr int32_t open_above = 15'000;

// What procure makes up for an id: 500 values from 10 to 19,999, an hour apart. They follow from
// the seed, the node and the id alone: SplitMix64, begun with the first eight bytes (little endian)
// of the SHA-256 of "<seed>\n<node>\n<id>", each value 10 + next % 19,990.
Series series_of(std::string_view seed, int64_t node, std::string_view id);

// As a line of a bundle, without the line feed:
//   {"id":"a","first":1663643568158,"step":3600000,"values":[1234,15678]}
//   {"id":"a","first":1663643568158,"step":3600000,"open":[false,true]}
// and as a document of its own, which does not name the id:
//   [{"timestamp":1663643568158,"value":1234},{"timestamp":1663647168158,"value":15678}]
//   [{"timestamp":1663643568158,"open":false},{"timestamp":1663647168158,"open":true}]
std::string value_line(const Series& series);
std::string value_document(const Series& series);
// Of each point whether its value is above 15,000.
std::string open_line(const Series& series);
std::string open_document(const Series& series);

// Nothing where the text is not just what the functions above write.
std::optional<Series> parse_value_line(std::string_view line);
std::optional<Series> parse_value_document(std::string_view document);

}  // namespace pawl::arrays
