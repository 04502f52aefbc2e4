#pragma once

#include <map>
#include <string>
#include <vector>

#include "store/store.h"

namespace pawl::sim {

// What a disk keeps over a crash: everything committed and nothing else. It CHECKs what every store
// may rely on: an execution is opened once,
// closed while it is open, and has no records while it is closed.
struct Disk {
  std::map<std::string, store::Machine> machines;                     // by ARN
  std::map<std::string, std::map<int64_t, store::Version>> versions;  // by ARN of the machine
  std::map<std::string, store::Alias> aliases;                        // by ARN
  std::map<std::string, store::Activity> activities;                  // by ARN
  std::map<std::string, std::vector<store::Tag>> tags;                // by ARN
  std::map<int64_t, store::Execution> executions;
  std::map<std::string, int64_t> execution_ids;  // by ARN
  std::map<int64_t, std::vector<std::string>> records;
  std::map<std::pair<std::string, std::string>, std::string> documents;  // by kind and key
  std::map<int64_t, store::JobChanges> job_changes;                      // by position
  int64_t next_position = 1;
};

// The store's contract over a disk in memory. The disk must outlive it.
class MemoryStore : public store::Store {
 public:
  explicit MemoryStore(Disk& disk) : disk_(disk) {}

  Result<void> commit(const std::vector<store::Write>& writes) override;
  Result<std::optional<store::Machine>> machine(const std::string& arn) override;
  Result<store::Page<store::Machine>> machines(const store::PageRequest& page) override;
  Result<std::optional<store::Version>> version(const std::string& arn, int64_t number) override;
  Result<store::Page<store::Version>> versions(const std::string& arn,
                                               const store::PageRequest& page) override;
  Result<std::optional<store::Alias>> alias(const std::string& arn) override;
  Result<std::vector<store::Alias>> aliases(const std::string& machine_arn) override;
  Result<std::optional<store::Activity>> activity(const std::string& arn) override;
  Result<store::Page<store::Activity>> activities(const store::PageRequest& page) override;
  Result<std::vector<store::Tag>> tags(const std::string& arn) override;
  Result<std::optional<store::Execution>> execution(const std::string& arn) override;
  Result<std::optional<store::Execution>> execution_of_id(int64_t id) override;
  Result<store::ExecutionPage> executions(const store::ExecutionQuery& query) override;
  Result<store::OpenExecutions> open_executions(int64_t after_id, size_t count_max) override;
  Result<std::vector<std::string>> records(int64_t execution_id) override;
  Result<int64_t> last_execution_id() override;
  Result<std::vector<store::Document>> documents(const std::string& kind) override;
  Result<std::vector<store::JobChanges>> job_changes(int64_t after, size_t count_max) override;
  Result<std::string> secret() override { return std::string("secret"); }

 private:
  Disk& disk_;
};

}  // namespace pawl::sim
