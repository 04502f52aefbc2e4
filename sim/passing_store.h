#pragma once

#include <memory>

#include "store/store.h"

namespace pawl::sim {

// Passes everything on to another store, for those who change or watch a part of it.
class PassingStore : public store::Store {
 public:
  explicit PassingStore(std::unique_ptr<store::Store> inner) : inner_(std::move(inner)) {}

  Result<void> commit(const std::vector<store::Write>& writes) override {
    return inner_->commit(writes);
  }
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
  Result<std::vector<store::Execution>> open_executions(int64_t after_id,
                                                        size_t count_max) override {
    return inner_->open_executions(after_id, count_max);
  }
  Result<std::vector<std::string>> records(int64_t execution_id) override {
    return inner_->records(execution_id);
  }
  Result<int64_t> last_execution_id() override { return inner_->last_execution_id(); }
  Result<std::string> secret() override { return inner_->secret(); }

 private:
  std::unique_ptr<store::Store> inner_;
};

}  // namespace pawl::sim
