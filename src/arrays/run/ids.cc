#include "arrays/run/ids.h"

#include <algorithm>
#include <unordered_set>

#include "arrays/node/checksum.h"
#include "arrays/node/node.h"
#include "arrays/run/plan.h"
#include "base/text.h"
#include "json/parse.h"
#include "world/files.h"

namespace pawl::arrays {
namespace {

constexpr size_t id_bytes_max = 4096, file_bytes_max = size_t{1} << 30;

Error invalid(std::string what) { return Error(ErrorCode::invalid_argument, std::move(what)); }

// In the form of a UUID, because that is what ids mostly look like.
std::string made_up(std::string_view seed, int64_t number) {
  const std::string hex = checksum(concat(seed, "\nid\n", number));
  const std::string_view digits = hex;
  return concat(digits.substr(0, 8), "-", digits.substr(8, 4), "-4", digits.substr(13, 3), "-8",
                digits.substr(17, 3), "-", digits.substr(20, 12));
}

bool is_text(std::string_view id) {
  const auto is_control = [](char byte) {
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f;
  };
  return json::is_utf8(id) && std::none_of(id.begin(), id.end(), is_control);
}

Result<void> check(const std::vector<std::string>& ids) {
  std::unordered_set<std::string_view> seen;
  seen.reserve(ids.size());
  for (size_t at = 0; at < ids.size(); ++at) {
    const std::string& id = ids[at];
    const auto refused = [&](std::string_view why) {
      return invalid(concat("id ", at + 1, " of ", ids.size(), " ", why));
    };
    if (id.empty()) return refused("is empty");
    if (id.size() > id_bytes_max) return refused(concat("has more than ", id_bytes_max, " bytes"));
    if (!is_text(id)) return refused("has control characters, or bytes that are no UTF-8");
    if (!seen.insert(id).second) return refused(concat("is there before: ", id));
  }
  return {};
}

bool leads_below(std::string_view path) {
  if (path.starts_with('/')) return false;
  for (const std::string_view piece : split(path, '/'))
    if (piece.empty() || piece == "." || piece == "..") return false;
  return true;
}

Result<std::vector<std::string>> listed(const json::Value& list) {
  std::vector<std::string> ids;
  for (const json::Value& each : list.elements()) {
    if (!each.is_string()) return invalid("'ids' is a list of something else than texts");
    ids.emplace_back(each.string());
  }
  return ids;
}

}  // namespace

Result<std::vector<std::string>> ids_of(const json::Value& asked, const std::string& volume,
                                        std::string_view seed) {
  std::vector<std::string> ids;
  if (asked.is_integer()) {
    if (asked.integer() < 0 || asked.integer() > ids_max)
      return invalid(concat("'ids' must be from 0 to ", ids_max));
    for (int64_t number = 0; number < asked.integer(); ++number)
      ids.push_back(made_up(seed, number));
    return ids;
  }
  if (asked.is_array()) {
    ids = TRY(listed(asked));
  } else if (asked.is_string()) {
    const std::string file(asked.string());
    if (!leads_below(file)) return invalid(concat("'ids' names no file of the volume: ", file));
    ids = TRY(parse_ids(TRY(world::read_file(concat(volume, "/", file), file_bytes_max)), file));
  } else {
    return invalid("'ids' must be a number, a list of texts, or the name of a file");
  }
  TRY(check(ids));
  return ids;
}

}  // namespace pawl::arrays
