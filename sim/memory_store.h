#pragma once

#include <map>
#include <string>
#include <vector>

#include "store/store.h"

namespace pawl::sim {

// What a disk keeps over a crash: everything committed and nothing else. It CHECKs what every store
// may rely on: an execution is opened once, closed once, and has no records afterwards.
struct Disk {
  std::map<std::string, store::Machine> machines;  // by ARN
  std::map<int64_t, store::Execution> executions;
  std::map<std::string, int64_t> execution_ids;  // by ARN
  std::map<int64_t, std::vector<std::string>> records;
};

// The store's contract over a disk in memory. The disk must outlive it.
class MemoryStore : public store::Store {
 public:
  explicit MemoryStore(Disk& disk) : disk_(disk) {}

  Result<void> commit(const std::vector<store::Write>& writes) override;
  Result<std::optional<store::Machine>> machine(const std::string& arn) override;
  Result<store::MachinePage> machines(const store::PageRequest& page) override;
  Result<std::optional<store::Execution>> execution(const std::string& arn) override;
  Result<store::ExecutionPage> executions(const store::ExecutionQuery& query) override;
  Result<std::vector<store::Execution>> open_executions() override;
  Result<std::vector<std::string>> records(int64_t execution_id) override;
  Result<int64_t> last_execution_id() override;

 private:
  Disk& disk_;
};

}  // namespace pawl::sim
