#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "restore/settings.h"

namespace pawl::restore {

// Where things are below a region's directory:
//
//   snapshots/<cluster>/<date>/snapshot.json   what it is; written last, so its presence means
//   whole
//                             /data/           the base backup, backup_manifest in it
//                             /unpacked        out of the archive: to be removed after its use
//   archive/<cluster>/<date>.tar.zst           compressed tier, <date>.json beside it
//   clusters/<cluster>/current                 symlink to the instance that serves,
//   ../../instances/…
//                     /stopped                 somebody has shut it down on purpose
//                     /removing                a removal that was begun, and of what
//                     /endpoint.json           {"port": …}, kept for ever
//                     /lock                    who restores onto this cluster now (flock + JSON)
//                     /history.jsonl           one line a swap, with the instance it replaced
//   instances/<operation id>/instance.json     what it is and its phase
//                           /data/ socket/ log  one PostgreSQL
//   operations/<operation id>/state.json       the merged state of an operation
//                            /audit.jsonl      one line a step, append only; outlives clean-up
//   batches/<batch id>.json                    a batch: its items and turns
struct Layout {
  explicit Layout(const Region& region) : root(region.directory) {}

  std::string snapshot(std::string_view cluster, std::string_view date) const;
  std::string archive(std::string_view cluster) const;
  std::string cluster(std::string_view cluster) const;
  std::string socket(std::string_view cluster) const;  // the folder of its endpoint's socket
  std::string instance(std::string_view operation_id) const;
  std::string operation(std::string_view operation_id) const;
  std::string batch(std::string_view batch_id) const;

  std::string root;
};

// Names become folder names: 1 to 63 letters, digits and inner hyphens, as Aurora has it.
Result<void> check_cluster_name(std::string_view name);
// 1 to 128 letters, digits, '-', '_', '.', not beginning with a dot.
Result<void> check_operation_id(std::string_view id);

}  // namespace pawl::restore
