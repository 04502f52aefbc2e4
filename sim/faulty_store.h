#pragma once

#include <memory>

#include "store/store.h"

namespace pawl::sim {

// Passes everything on to another store, and fails one commit when it is told to. After that it
// refuses all commits, as every store does.
class FaultyStore : public store::Store {
 public:
  enum class Fault {
    none,
    commit_is_lost,  // an error, and nothing of it is on the disk
    commit_is_kept,  // an error, and all of it is: the process died before it could say so
  };

  explicit FaultyStore(std::unique_ptr<store::Store> inner) : inner_(std::move(inner)) {}

  void fail_next_commit(Fault fault) { fault_ = fault; }

  Result<void> commit(const std::vector<store::Write>& writes) override;
  Result<std::optional<store::Machine>> machine(const std::string& arn) override {
    return inner_->machine(arn);
  }
  Result<store::Page<store::Machine>> machines(const store::PageRequest& page) override {
    return inner_->machines(page);
  }
  Result<std::optional<store::Version>> version(const std::string& arn, int64_t number) override {
    return inner_->version(arn, number);
  }
  Result<store::Page<store::Version>> versions(const std::string& arn,
                                               const store::PageRequest& page) override {
    return inner_->versions(arn, page);
  }
  Result<std::optional<store::Alias>> alias(const std::string& arn) override {
    return inner_->alias(arn);
  }
  Result<std::vector<store::Alias>> aliases(const std::string& machine_arn) override {
    return inner_->aliases(machine_arn);
  }
  Result<std::optional<store::Activity>> activity(const std::string& arn) override {
    return inner_->activity(arn);
  }
  Result<store::Page<store::Activity>> activities(const store::PageRequest& page) override {
    return inner_->activities(page);
  }
  Result<std::vector<store::Tag>> tags(const std::string& arn) override {
    return inner_->tags(arn);
  }
  Result<std::optional<store::Execution>> execution(const std::string& arn) override {
    return inner_->execution(arn);
  }
  Result<std::optional<store::Execution>> execution_of_id(int64_t id) override {
    return inner_->execution_of_id(id);
  }
  Result<store::ExecutionPage> executions(const store::ExecutionQuery& query) override {
    return inner_->executions(query);
  }
  Result<std::vector<store::Execution>> open_executions() override {
    return inner_->open_executions();
  }
  Result<std::vector<std::string>> records(int64_t execution_id) override {
    return inner_->records(execution_id);
  }
  Result<int64_t> last_execution_id() override { return inner_->last_execution_id(); }
  Result<std::string> secret() override { return inner_->secret(); }

 private:
  std::unique_ptr<store::Store> inner_;
  Fault fault_ = Fault::none;
  bool is_poisoned_ = false;
};

}  // namespace pawl::sim
