#include "restore/questions/space.h"

#include <algorithm>

#include "restore/instances/instance.h"
#include "restore/instances/left_over.h"
#include "restore/space.h"
#include "world/files.h"

namespace pawl::restore::questions {
namespace {

// Of the snapshot in its own region: the files of an archive are unpacked first, over what a dead
// run has left there.
Result<uint64_t> bytes_to_unpack(const Snapshot& snapshot) {
  if (world::exists(snapshot.directory + "/snapshot.json")) return 0;
  const bool is_begun = world::exists(snapshot.directory);
  const uint64_t left = is_begun ? TRY(world::tree_bytes(snapshot.directory)) : 0;
  return snapshot.bytes - std::min(left, snapshot.bytes);
}

// A restore goes on with its own instance, and what others have left of the target it removes.
Result<uint64_t> bytes_given_up(const Services& services, const Region& region,
                                const std::string& target_cluster) {
  uint64_t bytes = 0;
  for (const Instance& instance : TRY(list_instances(region))) {
    const bool is_of_target = instance.phase == "unknown" || instance.cluster == target_cluster;
    const bool is_kept =
        serves(region, instance) ||
        (instance.phase == "replaced" && can_be_put_back(region, instance, services.clock.now()));
    if (!is_of_target || is_kept) continue;
    // Somebody may be removing it at the same time.
    const auto held = world::tree_bytes(instance.directory);
    if (held) bytes += *held;
  }
  return bytes;
}

Result<void> check_is_enough(const Services& services, const batch::Item& item,
                             const Space& space) {
  if (space.bytes_needed <= space.bytes_free) return {};
  const Region& region = services.settings.regions.at(item.target_region);
  const uint64_t given_up = TRY(bytes_given_up(services, region, item.target_cluster));
  if (space.bytes_needed <= space.bytes_free + given_up) return {};
  return not_enough_space(region, space.bytes_needed, space.bytes_free);
}

}  // namespace

Result<Space> space_for(const Services& services, const batch::Item& item, const Snapshot& snapshot,
                        bool is_there) {
  const Region& source = services.settings.regions.at(item.source_region);
  const Region& target = services.settings.regions.at(item.target_region);
  const std::string copied = Layout(target).snapshot(snapshot.cluster, snapshot.date);
  const uint64_t bytes = snapshot.bytes;
  Space space;
  if (!is_there) {
    const uint64_t unpacked = TRY(bytes_to_unpack(snapshot));
    space.needs_copy = source.name != target.name;
    if (space.needs_copy) TRY(space_left(source, unpacked));
    space.bytes_needed =
        space.needs_copy ? TRY(space_needed({snapshot.directory, copied, bytes})) : unpacked;
  }
  // Whether it is copied first or was so before: what is restored from lies in the target's region.
  const std::string instances = Layout(target).instance("any");
  const uint64_t restored = TRY(space_needed({copied, instances, bytes}));
  space.shares_blocks = restored == 0 && bytes > 0;
  space.bytes_needed += restored;
  space.bytes_free = TRY(free_space(target));
  TRY(check_is_enough(services, item, space));
  return space;
}

}  // namespace pawl::restore::questions
