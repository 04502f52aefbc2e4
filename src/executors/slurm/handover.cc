#include "executors/slurm/handover.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <iterator>
#include <map>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "executors/slurm/script.h"
#include "world/files.h"

namespace pawl::executors {
namespace {

constexpr seconds pause_after_failure(2), pause_max(60);

Attempt attempt_of(const Batch& batch, int32_t index) {
  return {batch.work.job_id, batch.is_array ? std::optional(index) : std::nullopt, batch.number};
}

// Sorts as the number does.
std::string fixed_width(int64_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "%016" PRIx64, number);
  return text;
}

}  // namespace

// Children that are tried again come one by one; those that wait here together become one array.
void Handover::add(Batch batch) {
  Batch* last = waiting_.empty() ? nullptr : &waiting_.back();
  if (!last || !last->is_array || !batch.is_array || last->work.job_id != batch.work.job_id ||
      last->number != batch.number || last->after_job_id != batch.after_job_id)
    return waiting_.push_back(std::move(batch));
  std::vector<int32_t> both;
  std::ranges::set_union(last->indexes, batch.indexes, std::back_inserter(both));
  last->indexes = std::move(both);
}

bool Handover::withdraw(const Attempt& attempt) {
  for (Batch& batch : waiting_) {
    if (batch.work.job_id != attempt.job_id || batch.number != attempt.number) continue;
    if (!batch.is_array) {
      std::erase_if(waiting_, [&](const Batch& other) { return &other == &batch; });
      return true;
    }
    if (std::erase(batch.indexes, attempt.index.value_or(-1)) > 0) return true;
  }
  return false;
}

void Handover::advance() {
  if (!watch_.does_slurm_answer()) return;
  while (!waiting_.empty() && Steady::now() >= next_try_) {
    const auto written = write_down(waiting_.front());
    if (std::exchange(is_failing_, !written) != is_failing_ && is_failing_)
      log(LogLevel::warning, "jobs cannot be handed to Slurm now; it is tried again",
          {{"job", waiting_.front().work.job_id}, {"error", written.error().text()}});
    if (!written) {
      next_try_ = Steady::now() + pause_after_failure;
      break;
    }
    waiting_.pop_front();
  }
  bool does_answer = true;
  is_.submissions.each([&](Submission& submission) {
    const bool is_due = !submission.may_be_at_slurm() && Steady::now() >= submission.next_try;
    if (does_answer && is_due && submission.has_open()) does_answer = submit(submission);
  });
}

// Those that are not there already: handed over twice, an attempt is run once.
std::vector<int32_t> Handover::new_indexes(const Batch& batch) {
  std::vector<int32_t> indexes = batch.is_array ? batch.indexes : std::vector<int32_t>{0};
  std::erase_if(indexes, [&](int32_t index) {
    const auto place = is_.submissions.find(attempt_of(batch, index));
    return place && place.child->fate != Child::Fate::not_started;
  });
  return indexes;
}

Result<void> Handover::write_down(Batch& batch) {
  for (Piece& piece : TRY(pieces_of(batch, new_indexes(batch))))
    TRY(write_down_piece(batch, std::move(piece)));
  return {};
}

// A child goes with those that come after the same array, and gets the same number there as the one
// it comes after: Slurm pairs them by it. Others are cut where Slurm's numbers end.
auto Handover::pieces_of(const Batch& batch, const std::vector<int32_t>& indexes)
    -> Result<std::vector<Piece>> {
  std::map<std::pair<Submission*, int32_t>, Piece> pieces;
  const auto put = [&](int32_t index, int32_t offset, Submission* parent) {
    Piece& piece = pieces[{parent, offset}];
    piece.indexes.push_back(index);
    piece.offset = offset;
    piece.parent = parent;
  };
  for (const int32_t index : indexes) {
    const auto before = batch.after_job_id.empty()
                            ? Submissions::Place()
                            : is_.submissions.find_last(batch.after_job_id, index);
    const bool is_free =
        batch.after_job_id.empty() || (before && before.child->fate == Child::Fate::succeeded);
    if (is_free) {
      const int32_t size = batch.is_array ? TRY(array_size()) : 1;
      put(index, index / size * size, nullptr);
    } else if (before && before.child->is_open()) {
      put(index, before.submission->record.offset, before.submission);
    } else {
      is_.conclusions.not_started(
          attempt_of(batch, index),
          concat("DependencyNeverSatisfied: ", batch.after_job_id, ':', index,
                 before ? " has not succeeded" : " is not known here"));
    }
  }
  std::vector<Piece> result;
  for (auto& [place, piece] : pieces) result.push_back(std::move(piece));
  return result;
}

Result<void> Handover::write_down_piece(const Batch& batch, Piece piece) {
  last_stamp_ = std::max(last_stamp_ + 1, is_.clock.now().time_since_epoch().count());
  Record record;
  record.job_id = batch.work.job_id;
  record.job_name = batch.work.job_name;
  record.name =
      concat(record.job_id, '.', batch.number, '.', piece.offset, '.', fixed_width(last_stamp_));
  record.number = batch.number;
  record.is_array = batch.is_array;
  record.offset = piece.offset;
  record.indexes = std::move(piece.indexes);
  record.vcpus = batch.work.vcpus;
  record.memory_mib = batch.work.memory_mib;
  record.parent = piece.parent ? piece.parent->record.name : "";
  TRY(world::make_directories(batch.work.log_directory, 0750));
  const SubmissionFiles files(is_.submissions.directory_of(record.name));
  const std::string script =
      attempt_script({.work = batch.work,
                      .number = batch.number,
                      .is_array = batch.is_array,
                      .offset = piece.offset,
                      .attempts = files.attempts(),
                      .gate = piece.parent ? piece.parent->files.attempts() : ""});
  TRY(is_.submissions.add(std::move(record), script));
  return {};
}

Result<int32_t> Handover::array_size() {
  if (array_size_ == 0) array_size_ = TRY(is_.cluster.array_size());
  return array_size_;
}

bool Handover::submit(Submission& submission) {
  Submission* parent =
      submission.record.parent.empty() ? nullptr : is_.submissions.find(submission.record.parent);
  const bool must_wait = parent && parent->has_open();
  if (must_wait && parent->slurm_jobs.empty()) return true;
  std::vector<int32_t> indexes;
  for (const Child& child : submission.children)
    if (child.is_open()) indexes.push_back(child.index);
  const auto job = is_.cluster.submit({.record = submission.record,
                                       .files = submission.files,
                                       .indexes = std::move(indexes),
                                       .after_slurm_job = must_wait ? parent->slurm_jobs[0] : 0});
  if (job)
    watch_.note_slurm_job(submission, *job);
  else if (job.error().code() == ErrorCode::invalid_argument)
    give_up(submission, job.error());
  else
    return note_failure(submission, job.error()), false;
  return true;
}

void Handover::give_up(Submission& submission, const Error& error) {
  array_size_ = 0;  // It may be that which has changed.
  for (Child& child : submission.children) {
    if (!child.is_open()) continue;
    watch_.refuse(submission, child,
                  {Outcome::Kind::not_started, {.reason = concat("sbatch: ", error.message())}});
  }
}

void Handover::note_failure(Submission& submission, const Error& error) {
  if (error.code() == ErrorCode::cancelled) return;
  const auto pause = pause_after_failure * (1 << std::min(submission.failures, 5));
  if (submission.failures++ == 0)
    log(LogLevel::warning, "Slurm does not take a job now; it is tried again",
        {{"submission", submission.record.name}, {"error", error.text()}});
  submission.must_look = error.code() == ErrorCode::outcome_unknown;
  submission.next_try = Steady::now() + std::min<seconds>(pause, pause_max);
}

}  // namespace pawl::executors
