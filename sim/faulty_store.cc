#include "sim/faulty_store.h"

namespace pawl::sim {
namespace {

Error broken() { return Error(ErrorCode::failed, "the simulated disk has failed"); }

}  // namespace

Result<void> FaultyStore::commit(const std::vector<store::Write>& writes) {
  if (is_poisoned_) return broken();
  if (fault_ == Fault::none) return PassingStore::commit(writes);
  is_poisoned_ = true;
  if (fault_ == Fault::commit_is_kept) TRY(PassingStore::commit(writes));
  return broken();
}

Result<std::optional<store::Execution>> FaultyStore::execution(const std::string& arn) {
  if (fails_reads_) return broken();
  return PassingStore::execution(arn);
}

Result<std::vector<std::string>> FaultyStore::records(int64_t execution_id) {
  if (records_refused_ == 0) return PassingStore::records(execution_id);
  --records_refused_;
  return refusal_of_records_;
}

}  // namespace pawl::sim
