#include "executors/slurm/conclusions.h"

#include <utility>

#include "base/log.h"

namespace pawl::executors {

void Conclusions::started(const Attempt& attempt, Instant at, std::string where) {
  waiting_.push_back({.attempt = attempt, .at = at, .is_start = true, .where = std::move(where)});
}

void Conclusions::conclude(Submission& submission, Child& child, Instant at, Outcome outcome) {
  CHECK(child.is_open());
  const bool has_run = outcome.kind != Outcome::Kind::not_started;
  CHECK(has_run || child.is_refused);
  child.fate = outcome.is_success() ? Child::Fate::succeeded
               : has_run            ? Child::Fate::failed
                                    : Child::Fate::not_started;
  // Nobody settles what has never run.
  child.is_settled = child.is_silent || !has_run;
  if (child.is_silent) return;
  waiting_.push_back(
      {.attempt = submission.record.attempt(child.index), .at = at, .outcome = std::move(outcome)});
}

void Conclusions::not_started(const Attempt& attempt, std::string why) {
  waiting_.push_back({.attempt = attempt,
                      .at = {},
                      .outcome = {Outcome::Kind::not_started, {.reason = std::move(why)}}});
}

bool Conclusions::are_claims_durable() {
  bool are_durable = true;
  submissions_.each([&](Submission& submission) {
    if (!submission.must_sync) return;
    const auto synced = submission.files.sync_attempts();
    submission.must_sync = !synced;
    if (synced) return;
    are_durable = false;
    log(LogLevel::error, "what became of jobs at Slurm cannot be kept",
        {{"error", synced.error().text()}});
  });
  return are_durable;
}

void Conclusions::tell() {
  if (waiting_.empty() || !are_claims_durable()) return;
  for (auto& telling : std::exchange(waiting_, {})) {
    Ending& ending = telling.outcome.ending;
    if (telling.is_start)
      reports_.started(telling.attempt, telling.at, std::move(telling.where));
    else if (telling.outcome.kind == Outcome::Kind::ended)
      reports_.ended(telling.attempt, telling.at, std::move(ending));
    else if (telling.outcome.kind == Outcome::Kind::not_started)
      reports_.not_started(telling.attempt, std::move(ending.reason));
    else
      reports_.lost(telling.attempt, std::move(ending.reason));
  }
}

}  // namespace pawl::executors
