#include "restore/snapshots/remove_snapshot.h"

#include "base/text.h"
#include "world/files.h"
#include "world/moment.h"

namespace pawl::restore {

Result<void> remove_snapshot(const std::string& directory, const world::FileLock&) {
  TRY(world::remove_file(directory + "/snapshot.json"));
  world::moment("cleanup:half");
  return world::remove_tree(directory);
}

Result<bool> remove_archived(const Region& region, const std::string& cluster,
                             const std::string& date, const world::FileLock&) {
  const std::string archive = concat(Layout(region).archive(cluster), "/", date);
  const bool was_described = TRY(world::remove_file(archive + ".json"));
  return TRY(world::remove_file(archive + ".tar.zst")) || was_described;
}

}  // namespace pawl::restore
