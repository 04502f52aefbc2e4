#pragma once

#include "restore/instances/instance.h"

namespace pawl::restore {

// What may be removed of the instances of a region.

// It has been replaced, and its grace time is over.
bool is_expired(const Instance& instance, Instant now);
// Whether the cluster could still be led back to this instance: it is the one that the serving
// instance replaced, and its grace time is not over. Older ones cannot be reached any more.
bool can_be_put_back(const Region& region, const Instance& instance, Instant now);

}  // namespace pawl::restore
