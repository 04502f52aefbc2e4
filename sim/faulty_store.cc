#include "sim/faulty_store.h"

namespace pawl::sim {

Result<void> FaultyStore::commit(const std::vector<store::Write>& writes) {
  const Error broken(ErrorCode::failed, "the simulated disk has failed");
  if (is_poisoned_) return broken;
  if (fault_ == Fault::none) return PassingStore::commit(writes);
  is_poisoned_ = true;
  if (fault_ == Fault::commit_is_kept) TRY(PassingStore::commit(writes));
  return broken;
}

}  // namespace pawl::sim
