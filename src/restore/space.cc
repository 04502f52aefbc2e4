#include "restore/space.h"

#include "base/text.h"
#include "world/files.h"

namespace pawl::restore {

Result<std::optional<uint64_t>> space_left(const Region& region) {
  if (!region.space_limit) return std::optional<uint64_t>();
  if (!world::exists(region.directory)) return region.space_limit;
  const uint64_t used = TRY(world::tree_bytes(region.directory));
  return std::optional<uint64_t>(used < *region.space_limit ? *region.space_limit - used : 0);
}

Result<void> check_space(const Region& region, uint64_t bytes) {
  TRY(world::make_directories(region.directory, 0755));
  const uint64_t free = TRY(world::free_bytes(region.directory));
  const auto left = TRY(space_left(region));
  const bool is_limited = left && *left < free;
  const uint64_t available = is_limited ? *left : free;
  if (bytes <= available) return {};
  return Error(ErrorCode::out_of_space,
               concat("region ", region.name, " has ", format_bytes(available), " left ",
                      is_limited ? "of its space_limit" : "on its disk", ", and ",
                      format_bytes(bytes), " are needed"),
               concat("Remove old snapshots or instances below ", region.directory, "."));
}

}  // namespace pawl::restore
