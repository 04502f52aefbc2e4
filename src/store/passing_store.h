#pragma once

#include "store/store.h"

namespace pawl::store {

// Passes everything on to another store, which must outlive it, for those who change or watch a
// part of it.
class PassingStore : public Store {
 public:
  explicit PassingStore(Store& inner) : inner_(inner) {}

  // The other one, past whoever changes or watches it.
  Store& inner() const { return inner_; }

  Result<void> commit(const std::vector<Write>& writes) override { return inner_.commit(writes); }
  void begin_reading() override { inner_.begin_reading(); }
  void end_reading() override { inner_.end_reading(); }
  Result<std::optional<Machine>> machine(const std::string& arn) override {
    return looked_at(inner_.machine(arn));
  }
  Result<Page<Machine>> machines(const PageRequest& page) override {
    return looked_at(inner_.machines(page));
  }
  Result<std::optional<Version>> version(const std::string& arn, int64_t number) override {
    return looked_at(inner_.version(arn, number));
  }
  Result<Page<Version>> versions(const std::string& arn, const PageRequest& page) override {
    return looked_at(inner_.versions(arn, page));
  }
  Result<std::optional<Alias>> alias(const std::string& arn) override {
    return looked_at(inner_.alias(arn));
  }
  Result<std::vector<Alias>> aliases(const std::string& machine_arn) override {
    return looked_at(inner_.aliases(machine_arn));
  }
  Result<std::optional<Activity>> activity(const std::string& arn) override {
    return looked_at(inner_.activity(arn));
  }
  Result<Page<Activity>> activities(const PageRequest& page) override {
    return looked_at(inner_.activities(page));
  }
  Result<std::vector<Tag>> tags(const std::string& arn) override {
    return looked_at(inner_.tags(arn));
  }
  Result<std::optional<Execution>> execution(const std::string& arn) override {
    return looked_at(inner_.execution(arn));
  }
  Result<std::optional<Execution>> execution_of_id(int64_t id) override {
    return looked_at(inner_.execution_of_id(id));
  }
  Result<ExecutionPage> executions(const ExecutionQuery& query) override {
    return looked_at(inner_.executions(query));
  }
  Result<OpenExecutions> open_executions(int64_t after_id, size_t count_max) override {
    return looked_at(inner_.open_executions(after_id, count_max));
  }
  Result<std::vector<std::string>> records(int64_t execution_id) override {
    return looked_at(inner_.records(execution_id));
  }
  Result<int64_t> last_execution_id() override { return looked_at(inner_.last_execution_id()); }
  Result<std::vector<Document>> documents(const std::string& kind) override {
    return looked_at(inner_.documents(kind));
  }
  Result<std::vector<JobChanges>> job_changes(int64_t after, size_t count_max) override {
    return looked_at(inner_.job_changes(after, count_max));
  }
  Result<std::string> secret() override { return looked_at(inner_.secret()); }

 protected:
  virtual void read_failed(const Error&) {}

 private:
  template <typename T>
  Result<T> looked_at(Result<T> read) {
    if (!read.has_value()) read_failed(read.error());
    return read;
  }

  Store& inner_;
};

}  // namespace pawl::store
