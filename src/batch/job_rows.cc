#include "batch/job_rows.h"

#include <map>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::batch {
namespace {

using jobs::ResourceKind;

constexpr size_t rows_at_once = 1000;
constexpr ResourceKind kinds[] = {ResourceKind::environment, ResourceKind::policy,
                                  ResourceKind::queue, ResourceKind::definition};

std::string kind_of(ResourceKind kind) { return concat("job resource ", static_cast<char>(kind)); }

std::string arn_of(const jobs::ResourcePut& put) {
  switch (put.kind) {
    case ResourceKind::environment:
      return jobs::Environment(put.shown).arn;
    case ResourceKind::queue:
      return jobs::Queue(put.shown).arn;
    case ResourceKind::policy:
      return jobs::Policy(put.shown).arn;
    case ResourceKind::definition:
      return jobs::Definition(put.shown).arn;
  }
  return {};
}

// Gathers what happens to a job behind what came first.
class Rows {
 public:
  std::vector<store::Write> take() {
    for (auto& [job, events] : events_) flush(job, events);
    return std::move(writes_);
  }

  void operator()(const jobs::JobOpened& opened) {
    writes_.emplace_back(store::AppendJobChanges{opened.number, json::write(opened.shown)});
  }
  void operator()(const jobs::JobChanged& changed) {
    events_[changed.number].push_back(jobs::to_json(changed.event));
  }
  void operator()(const jobs::JobForgotten& forgotten) {
    events_.erase(forgotten.number);
    writes_.emplace_back(store::ForgetJob{forgotten.number});
  }
  void operator()(const jobs::ResourcePut& put) {
    writes_.emplace_back(
        store::PutDocument{{kind_of(put.kind), arn_of(put), json::write(put.shown)}});
  }
  void operator()(const jobs::ResourceDeleted& deleted) {
    writes_.emplace_back(store::DeleteDocument{kind_of(deleted.kind), deleted.arn});
  }

 private:
  void flush(int64_t job, json::Value::Array& events) {
    writes_.emplace_back(store::AppendJobChanges{job, json::write(json::Value(std::move(events)))});
  }

  std::vector<store::Write> writes_;
  std::map<int64_t, json::Value::Array> events_;
};

Result<void> fold_row(const store::JobChanges& row, jobs::Jobs& jobs) {
  const json::Value text = TRY(json::parse(row.text));
  if (text.is_object()) return jobs.fold(jobs::JobOpened{row.job, text});
  if (!text.is_array()) return Error(ErrorCode::corrupt, "neither a job nor what happened to one");
  for (const json::Value& event : text.elements())
    TRY(jobs.fold(jobs::JobChanged{row.job, TRY(jobs::event_from(event))}));
  return {};
}

}  // namespace

std::vector<store::Write> rows_of(const std::vector<jobs::Change>& changes) {
  Rows rows;
  for (const jobs::Change& change : changes) std::visit(rows, change);
  return rows.take();
}

Result<void> fold_all(store::Store& store, jobs::Jobs& jobs) {
  for (const ResourceKind kind : kinds)
    for (const store::Document& document : TRY(store.documents(kind_of(kind))))
      TRY(jobs.fold(jobs::ResourcePut{kind, TRY(json::parse(document.text))}));
  for (int64_t position = 0;;) {
    const auto rows = TRY(store.job_changes(position, rows_at_once));
    for (const store::JobChanges& row : rows) {
      Result<void> folded = fold_row(row, jobs);
      if (!folded.has_value())
        return std::move(folded).error().within(
            concat("job ", row.job, ", change ", row.position, " of the store"));
      position = row.position;
    }
    if (rows.size() < rows_at_once) return {};
  }
}

}  // namespace pawl::batch
