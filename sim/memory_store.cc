#include "sim/memory_store.h"

#include "base/text.h"

namespace pawl::sim {
namespace {

struct Writer {
  Disk& disk;
  void operator()(const store::PutMachine& put) { disk.machines[put.machine.arn] = put.machine; }
  void operator()(const store::DeleteMachine& removed) { disk.machines.erase(removed.arn); }
  void operator()(const store::OpenExecution& opened) {
    const store::Execution& execution = opened.execution;
    CHECK(disk.executions.empty() || execution.id > disk.executions.rbegin()->first);
    CHECK(disk.execution_ids.emplace(execution.arn, execution.id).second);
    disk.executions[execution.id] = execution;
  }
  void operator()(const store::AppendRecord& append) {
    CHECK(!disk.executions.at(append.execution_id).stopped);
    disk.records[append.execution_id].push_back(append.record);
  }
  void operator()(const store::CloseExecution& close) {
    store::Execution& execution = disk.executions.at(close.execution_id);
    CHECK(!execution.stopped);
    execution.status = close.status;
    execution.stopped = close.stopped;
    execution.output = close.output;
    execution.error = close.error;
    execution.cause = close.cause;
  }
};

}  // namespace

Result<void> MemoryStore::commit(const std::vector<store::Write>& writes) {
  Writer writer{disk_};
  for (const store::Write& each : writes) std::visit(writer, each);
  return {};
}

Result<std::optional<store::Machine>> MemoryStore::machine(const std::string& arn) {
  const auto found = disk_.machines.find(arn);
  if (found == disk_.machines.end()) return std::optional<store::Machine>();
  return std::optional<store::Machine>(found->second);
}

Result<store::MachinePage> MemoryStore::machines(const store::PageRequest& page) {
  store::MachinePage answer;
  for (const auto& [arn, machine] : disk_.machines) {
    if (machine.name <= page.token) continue;
    if (answer.machines.size() == page.size_max) {
      answer.next_token = answer.machines.back().name;
      break;
    }
    answer.machines.push_back(machine);
  }
  return answer;
}

Result<std::optional<store::Execution>> MemoryStore::execution(const std::string& arn) {
  const auto found = disk_.execution_ids.find(arn);
  if (found == disk_.execution_ids.end()) return std::optional<store::Execution>();
  return std::optional<store::Execution>(disk_.executions.at(found->second));
}

Result<store::ExecutionPage> MemoryStore::executions(const store::ExecutionQuery& query) {
  const int64_t before = parse_integer(query.page.token).value_or(INT64_MAX);
  store::ExecutionPage answer;
  for (auto each = disk_.executions.rbegin(); each != disk_.executions.rend(); ++each) {
    const store::Execution& execution = each->second;
    if (execution.id >= before) continue;
    if (!query.machine_arn.empty() && execution.machine_arn != query.machine_arn) continue;
    if (query.status && execution.status != *query.status) continue;
    if (query.started_from && execution.started < *query.started_from) continue;
    if (answer.executions.size() == query.page.size_max) {
      answer.next_token = concat(answer.executions.back().id);
      break;
    }
    answer.executions.push_back(execution);
  }
  return answer;
}

Result<std::vector<store::Execution>> MemoryStore::open_executions() {
  std::vector<store::Execution> open;
  for (const auto& [id, execution] : disk_.executions) {
    if (!execution.stopped) open.push_back(execution);
  }
  return open;
}

Result<std::vector<std::string>> MemoryStore::records(int64_t execution_id) {
  const auto found = disk_.records.find(execution_id);
  if (found == disk_.records.end()) return std::vector<std::string>();
  return found->second;
}

Result<int64_t> MemoryStore::last_execution_id() {
  return disk_.executions.empty() ? 0 : disk_.executions.rbegin()->first;
}

}  // namespace pawl::sim
