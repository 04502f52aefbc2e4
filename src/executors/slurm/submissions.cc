#include "executors/slurm/submissions.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "base/text.h"
#include "world/files.h"

namespace pawl::executors {
namespace {

std::string order_of(const std::string& name) { return name.substr(name.rfind('.') + 1); }

}  // namespace

Submission::Submission(Record of, const std::string& directory)
    : record(std::move(of)), files(directory) {
  children.resize(record.indexes.size());
  for (size_t at = 0; at < children.size(); ++at) children[at].index = record.indexes[at];
}

Child* Submission::find(int32_t index) {
  const auto found = std::ranges::lower_bound(children, index, {}, &Child::index);
  return found != children.end() && found->index == index ? &*found : nullptr;
}

bool Submission::has_open() const { return std::ranges::any_of(children, &Child::is_open); }

bool Submission::is_settled() const {
  return std::ranges::all_of(
      children, [](const Child& child) { return child.is_settled && !child.must_cancel; });
}

std::string Submission::attempt_name(const Child& child) const {
  return record.is_array ? concat(child.index) : "job";
}

void Submissions::insert(std::unique_ptr<Submission> submission) {
  Submission* inserted = submission.get();
  by_name_[inserted->record.name] = inserted;
  by_job_[inserted->record.job_id].push_back(inserted);
  by_order_[order_of(inserted->record.name)] = std::move(submission);
}

Result<void> Submissions::load() {
  TRY(world::make_directories(directory_, 0700));
  auto names = TRY(world::list_directory(directory_));
  std::ranges::sort(names, {}, order_of);
  std::vector<std::string> abandoned;
  for (const std::string& name : names) {
    const SubmissionFiles files(directory_of(name));
    auto record = files.read_record();
    if (!record && record.error().code() == ErrorCode::not_found) {
      abandoned.push_back(files.directory());
      continue;
    }
    if (!record) return std::move(record).error();
    auto submission = std::make_unique<Submission>(std::move(*record), files.directory());
    submission->is_handed_over = files.is_handed_over();
    submission->must_look = !submission->is_handed_over;
    insert(std::move(submission));
  }
  sweep(abandoned);
  return {};
}

Result<Submission*> Submissions::add(Record record, const std::string& script) {
  auto submission = std::make_unique<Submission>(record, directory_of(record.name));
  TRY(submission->files.create(record, script));
  Submission* added = submission.get();
  insert(std::move(submission));
  return added;
}

auto Submissions::find(const Attempt& attempt) -> Place {
  const auto job = by_job_.find(attempt.job_id);
  if (job == by_job_.end()) return {};
  for (auto at = job->second.rbegin(); at != job->second.rend(); ++at) {
    Submission& submission = **at;
    if (submission.record.number != attempt.number) continue;
    if (Child* child = submission.find(attempt.index.value_or(0))) return {&submission, child};
  }
  return {};
}

auto Submissions::find_last(const std::string& job_id, int32_t index) -> Place {
  const auto job = by_job_.find(job_id);
  if (job == by_job_.end()) return {};
  for (auto at = job->second.rbegin(); at != job->second.rend(); ++at)
    if (Child* child = (*at)->find(index)) return {*at, child};
  return {};
}

Submission* Submissions::find(std::string_view name) {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

bool Submissions::must_be_watched() const {
  return std::ranges::any_of(by_order_, [](const auto& entry) {
    return std::ranges::any_of(entry.second->children, [](const Child& child) {
      return child.is_open() || child.must_cancel;
    });
  });
}

bool Submissions::is_needed(const std::string& job_id) const {
  const auto& own = by_job_.at(job_id);
  if (!std::ranges::all_of(own, [](const Submission* one) { return one->is_settled(); }))
    return true;
  return std::ranges::any_of(by_order_, [&](const auto& entry) {
    const Submission& other = *entry.second;
    return !other.record.parent.empty() && !other.is_settled() &&
           std::ranges::any_of(
               own, [&](const Submission* one) { return one->record.name == other.record.parent; });
  });
}

void Submissions::forget_settled() {
  std::vector<std::string> jobs, directories;
  for (const auto& [job_id, own] : by_job_)
    if (!is_needed(job_id)) jobs.push_back(job_id);
  for (const auto& job_id : jobs) {
    for (const Submission* submission : by_job_.at(job_id)) {
      const std::string name = submission->record.name;
      submission->files.abandon();
      directories.push_back(directory_of(name));
      by_name_.erase(name);
      by_order_.erase(order_of(name));
    }
    by_job_.erase(job_id);
  }
  sweep(directories);
}

// By a process of its own: to remove the files of ten thousand attempts may take a minute.
void Submissions::sweep(const std::vector<std::string>& directories) {
  if (directories.empty()) return;
  world::Program program;
  program.arguments = {"xargs", "-0", "rm", "-rf", "--"};
  for (const auto& directory : directories) program.input += directory + '\0';
  if (const auto started = processes_.start_detached(program, "/dev/null"); !started)
    log(LogLevel::warning, "what is left of settled jobs at Slurm cannot be removed",
        {{"error", started.error().text()}});
}

}  // namespace pawl::executors
