#include "sim/memory_store.h"

#include "base/text.h"

namespace pawl::sim {
namespace {

struct Writer {
  Disk& disk;
  void operator()(const store::PutMachine& put) { disk.machines[put.machine.arn] = put.machine; }
  void operator()(const store::DeleteMachine& removed) {
    disk.machines.erase(removed.arn);
    disk.versions.erase(removed.arn);
    disk.tags.erase(removed.arn);
    std::erase_if(disk.aliases,
                  [&](const auto& each) { return each.second.machine_arn == removed.arn; });
  }
  void operator()(const store::PutVersion& put) {
    CHECK(disk.versions[put.version.machine_arn].emplace(put.version.number, put.version).second);
  }
  void operator()(const store::DeleteVersion& removed) {
    disk.versions[removed.machine_arn].erase(removed.number);
  }
  void operator()(const store::PutAlias& put) { disk.aliases[put.alias.arn] = put.alias; }
  void operator()(const store::DeleteAlias& removed) { disk.aliases.erase(removed.arn); }
  void operator()(const store::PutActivity& put) {
    disk.activities[put.activity.arn] = put.activity;
  }
  void operator()(const store::DeleteActivity& removed) {
    disk.activities.erase(removed.arn);
    disk.tags.erase(removed.arn);
  }
  void operator()(const store::PutTags& put) { disk.tags[put.arn] = put.tags; }
  void operator()(const store::PutDocument& put) {
    disk.documents[{put.document.kind, put.document.key}] = put.document.text;
  }
  void operator()(const store::DeleteDocument& removed) {
    disk.documents.erase({removed.kind, removed.key});
  }
  void operator()(const store::AppendJobChanges& append) {
    const int64_t position = disk.next_position++;
    disk.job_changes[position] = {position, append.job, append.text};
  }
  void operator()(const store::ForgetJob& forgotten) {
    std::erase_if(disk.job_changes,
                  [&](const auto& each) { return each.second.job == forgotten.job; });
  }
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
  void operator()(const store::ReopenExecution& reopened) {
    store::Execution& execution = disk.executions.at(reopened.execution_id);
    CHECK(execution.stopped.has_value());
    execution.status = "RUNNING";
    execution.stopped.reset();
    execution.output = execution.error = execution.cause = {};
    execution.redrives += 1;
    execution.redriven = reopened.redriven;
  }
};

template <typename Rows, typename Key>
auto find(const Rows& rows, const Key& key) {
  const auto found = rows.find(key);
  if (found == rows.end()) return std::optional<typename Rows::mapped_type>();
  return std::optional<typename Rows::mapped_type>(found->second);
}

// All ARNs of a kind begin alike, so they come in the order of the names.
template <typename T>
store::Page<T> page_by_name(const std::map<std::string, T>& rows, const store::PageRequest& page) {
  store::Page<T> answer;
  for (const auto& [arn, row] : rows) {
    if (row.name <= page.token) continue;
    if (answer.rows.size() == page.size_max) {
      answer.next_token = answer.rows.back().name;
      break;
    }
    answer.rows.push_back(row);
  }
  return answer;
}

}  // namespace

Result<void> MemoryStore::commit(const std::vector<store::Write>& writes) {
  Writer writer{disk_};
  for (const store::Write& each : writes) std::visit(writer, each);
  return {};
}

Result<std::optional<store::Machine>> MemoryStore::machine(const std::string& arn) {
  return find(disk_.machines, arn);
}

Result<store::Page<store::Machine>> MemoryStore::machines(const store::PageRequest& page) {
  return page_by_name(disk_.machines, page);
}

Result<std::optional<store::Version>> MemoryStore::version(const std::string& arn, int64_t number) {
  return find(disk_.versions[arn], number);
}

Result<store::Page<store::Version>> MemoryStore::versions(const std::string& arn,
                                                          const store::PageRequest& page) {
  const int64_t before = parse_integer(page.token).value_or(INT64_MAX);
  store::Page<store::Version> answer;
  const auto& versions = disk_.versions[arn];
  for (auto each = versions.rbegin(); each != versions.rend(); ++each) {
    if (each->first >= before) continue;
    if (answer.rows.size() == page.size_max) {
      answer.next_token = concat(answer.rows.back().number);
      break;
    }
    answer.rows.push_back(each->second);
  }
  return answer;
}

Result<std::optional<store::Alias>> MemoryStore::alias(const std::string& arn) {
  return find(disk_.aliases, arn);
}

Result<std::vector<store::Alias>> MemoryStore::aliases(const std::string& machine_arn) {
  std::vector<store::Alias> found;
  for (const auto& [arn, alias] : disk_.aliases)
    if (alias.machine_arn == machine_arn) found.push_back(alias);
  return found;
}

Result<std::optional<store::Activity>> MemoryStore::activity(const std::string& arn) {
  return find(disk_.activities, arn);
}

Result<store::Page<store::Activity>> MemoryStore::activities(const store::PageRequest& page) {
  return page_by_name(disk_.activities, page);
}

Result<std::vector<store::Tag>> MemoryStore::tags(const std::string& arn) {
  return find(disk_.tags, arn).value_or(std::vector<store::Tag>());
}

Result<std::optional<store::Execution>> MemoryStore::execution(const std::string& arn) {
  const auto found = disk_.execution_ids.find(arn);
  if (found == disk_.execution_ids.end()) return std::optional<store::Execution>();
  return std::optional<store::Execution>(disk_.executions.at(found->second));
}

Result<std::optional<store::Execution>> MemoryStore::execution_of_id(int64_t id) {
  return find(disk_.executions, id);
}

Result<store::ExecutionPage> MemoryStore::executions(const store::ExecutionQuery& query) {
  const int64_t before = parse_integer(query.page.token).value_or(INT64_MAX);
  store::ExecutionPage answer;
  for (auto each = disk_.executions.rbegin(); each != disk_.executions.rend(); ++each) {
    const store::Execution& execution = each->second;
    if (execution.id >= before) continue;
    if (!query.machine_arn.empty() && execution.machine_arn != query.machine_arn) continue;
    if (query.version > 0 && execution.version != query.version) continue;
    if (!query.alias.empty() && execution.alias != query.alias) continue;
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

Result<store::OpenExecutions> MemoryStore::open_executions(int64_t after_id, size_t count_max) {
  store::OpenExecutions open;
  auto each = disk_.executions.upper_bound(after_id);
  for (; each != disk_.executions.end() && open.executions.size() < count_max; ++each) {
    if (each->second.stopped) continue;
    open.executions.push_back(each->second);
    open.last_id = each->first;
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

Result<std::vector<store::Document>> MemoryStore::documents(const std::string& kind) {
  std::vector<store::Document> found;
  for (const auto& [name, text] : disk_.documents)
    if (name.first == kind) found.push_back({kind, name.second, text});
  return found;
}

Result<std::vector<store::JobChanges>> MemoryStore::job_changes(int64_t after, size_t count_max) {
  std::vector<store::JobChanges> found;
  for (auto each = disk_.job_changes.upper_bound(after);
       each != disk_.job_changes.end() && found.size() < count_max; ++each)
    found.push_back(each->second);
  return found;
}

}  // namespace pawl::sim
