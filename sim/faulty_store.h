#pragma once

#include <memory>

#include "store/passing_store.h"

namespace pawl::sim {

// Fails one commit when it is told to. After that it refuses all commits, as every store does.
class FaultyStore : public store::PassingStore {
 public:
  enum class Fault {
    none,
    commit_is_lost,  // an error, and nothing of it is on the disk
    commit_is_kept,  // an error, and all of it is: the process died before it could say so
  };

  explicit FaultyStore(std::unique_ptr<store::Store> inner)
      : PassingStore(*inner), inner_(std::move(inner)) {}

  void fail_next_commit(Fault fault) { fault_ = fault; }

  // Nobody can be told of executions any more; all else goes on.
  void fail_reads() { fails_reads_ = true; }
  // So many times nobody is told what has happened in an execution, with this error.
  void fail_reads_of_records(int count, Error error) {
    records_refused_ = count;
    refusal_of_records_ = std::move(error);
  }

  Result<void> commit(const std::vector<store::Write>& writes) override;
  Result<std::optional<store::Execution>> execution(const std::string& arn) override;
  Result<std::vector<std::string>> records(int64_t execution_id) override;

 private:
  std::unique_ptr<store::Store> inner_;
  Fault fault_ = Fault::none;
  bool is_poisoned_ = false, fails_reads_ = false;
  int records_refused_ = 0;
  Error refusal_of_records_{ErrorCode::failed, ""};
};

}  // namespace pawl::sim
