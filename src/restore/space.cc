#include "restore/space.h"

#include <algorithm>

#include "base/text.h"
#include "restore/snapshots/copy.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

std::string nearest_directory(std::string path) {
  while (!world::is_directory(path)) path = world::parent_directory(path);
  return path;
}

Result<uint64_t> free_on_disk(const Region& region) {
  return world::free_bytes(nearest_directory(region.directory));
}

Result<std::optional<uint64_t>> left_of_limit(const Region& region) {
  if (!region.space_limit) return std::optional<uint64_t>();
  const uint64_t used =
      world::exists(region.directory) ? TRY(world::tree_bytes(region.directory)) : 0;
  return std::optional(*region.space_limit - std::min(used, *region.space_limit));
}

}  // namespace

Result<uint64_t> free_space(const Region& region) {
  const uint64_t on_disk = TRY(free_on_disk(region));
  return std::min(on_disk, TRY(left_of_limit(region)).value_or(on_disk));
}

Result<std::optional<uint64_t>> space_left(const Region& region, uint64_t needed) {
  const uint64_t on_disk = TRY(free_on_disk(region));
  const auto of_limit = TRY(left_of_limit(region));
  const uint64_t free = std::min(on_disk, of_limit.value_or(on_disk));
  if (free < needed) return not_enough_space(region, needed, free);
  return of_limit;
}

Result<uint64_t> space_needed(const ToCopy& copy) {
  if (can_share_blocks(nearest_directory(copy.source), nearest_directory(copy.target))) return 0;
  const uint64_t there = world::exists(copy.target) ? TRY(world::tree_bytes(copy.target)) : 0;
  return copy.bytes - std::min(there, copy.bytes);
}

Error not_enough_space(const Region& region, uint64_t needed, uint64_t free) {
  const std::string limit =
      region.space_limit ? concat(" (its space_limit is ", format_bytes(*region.space_limit), ")")
                         : std::string();
  return Error(
      ErrorCode::out_of_space,
      concat("not enough space in ", region.name, ": ", format_bytes(needed), " are needed in ",
             region.directory, ", ", format_bytes(free), " are free", limit),
      concat("`pawl snapshot delete` and `pawl restore remove` make room",
             region.space_limit ? ", and so does a higher space_limit of the region"
                                : ", and so does a bigger disk",
             "."));
}

}  // namespace pawl::restore
