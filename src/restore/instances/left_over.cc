#include "restore/instances/left_over.h"

namespace pawl::restore {

bool is_expired(const Instance& instance, Instant now) {
  return instance.phase == "replaced" && instance.keep_until && *instance.keep_until < now;
}

bool can_be_put_back(const Region& region, const Instance& instance, Instant now) {
  if (is_expired(instance, now)) return false;
  const auto serving = serving_operation(region, instance.cluster);
  if (!serving) return true;
  const auto current = read_instance(region, *serving);
  return !current || current->replaces == instance.operation_id;
}

}  // namespace pawl::restore
