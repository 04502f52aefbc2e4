#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "restore/settings.h"

namespace pawl::restore {

// What the removal of a target takes away: kept in clusters/<cluster>/removing from before its
// first effect until after its last, so that whoever comes after a crash carries it on.
struct Removal {
  std::string operation_id;            // of what served
  std::vector<std::string> instances;  // that have served, by their operations
};

// What there is to remove: of what serves, or what a removal that was begun has left. Nothing
// where there is neither.
Result<std::optional<Removal>> removal_of(const Region& region, const std::string& cluster);
// Whether a removal was begun, and nothing serves since.
bool is_removal_begun(const Region& region, const std::string& cluster);
// The same, or it looks so: it was to stay down, and nothing leads to it any more. Earlier versions
// left no other trace. For whoever asks for the removal; nothing is removed on such evidence alone.
bool is_half_removed(const Region& region, const std::string& cluster);

Result<void> begin_removal(const Region& region, const std::string& cluster,
                           const Removal& removal);
Result<void> end_removal(const Region& region, const std::string& cluster);

}  // namespace pawl::restore
