#include "schedules/times/zone.h"

#include <algorithm>

#include "base/text.h"
#include "schedules/times/zone_file.h"
#include "world/files.h"

namespace pawl::schedules {
namespace {

// No clock differs from UTC by more, or is set by more.
constexpr Duration offset_max = hours(26);

bool is_zone_name(std::string_view name) {
  // Files that are no zones, and the folders of other forms of them, begin with a small letter.
  if (name.empty() || name[0] < 'A' || name[0] > 'Z') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '+' || c == '-' || c == '/';
  });
}

}  // namespace

Zone Zone::utc() { return Zone({{Instant::min(), seconds(0)}}); }

Result<Zone> Zone::find(const std::string& name) {
  if (name == "UTC") return utc();
  const auto none = [&] {
    return Error(ErrorCode::invalid_argument, concat("no time zone is called ", name),
                 "Names are those of the IANA database: Europe/Zurich, America/New_York, UTC.");
  };
  if (!is_zone_name(name)) return none();
  const std::string path = concat("/usr/share/zoneinfo/", name);
  if (!world::exists(path) || world::is_directory(path)) return none();
  const auto file = world::read_file(path, 1 << 20);
  if (!file) return Error(file.error()).within(concat("time zone ", name));
  auto offsets = parse_zone_file(*file);
  if (!offsets) return std::move(offsets).error().within(concat("time zone ", name));
  return Zone(*std::move(offsets));
}

std::vector<Offset>::const_iterator Zone::offset_at(Instant instant) const {
  const auto later =
      std::upper_bound(offsets_.begin(), offsets_.end(), instant,
                       [](Instant at, const Offset& offset) { return at < offset.from; });
  return later == offsets_.begin() ? later : std::prev(later);
}

LocalTime Zone::local(Instant instant) const {
  const auto shown = instant.time_since_epoch() + offset_at(instant)->ahead;
  return LocalTime(std::chrono::floor<seconds>(shown));
}

Zone::Showing Zone::when_shown(LocalTime local) const {
  const Instant as_if_utc(local.time_since_epoch());
  for (auto offset = offset_at(as_if_utc - offset_max); offset != offsets_.end(); ++offset) {
    const Instant at = as_if_utc - offset->ahead;
    const auto next = std::next(offset);
    if (next != offsets_.end() && at >= next->from) continue;
    // Before its time clocks go by the one before, which has been set forward over it.
    if (at < offset->from) return {offset->from, false};
    return {at, true};
  }
  return {as_if_utc, true};
}

}  // namespace pawl::schedules
