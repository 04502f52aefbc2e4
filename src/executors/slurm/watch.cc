#include "executors/slurm/watch.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/log.h"
#include "base/text.h"

namespace pawl::executors {
namespace {

// How long a cancellation may take before it is repeated.
constexpr Duration cancel_again_after = minutes(1);

void warn(std::string_view what, const Submission& submission, const Error& error) {
  log(LogLevel::warning, what, {{"submission", submission.record.name}, {"error", error.text()}});
}

// Where the same is listed twice, because sbatch was called twice, whatever may still run counts.
bool outweighs(State state, State other) {
  if (other == State::unseen) return true;
  if (has_ended(state) != has_ended(other)) return !has_ended(state);
  return has_ended(state) ? state > other : state < other;
}

// Why the child cannot start, from what became of the one that it comes after.
std::string unsatisfied(Submission* parent, const Child& child) {
  const Child* before = parent ? parent->find(child.index) : nullptr;
  if (!before) return "DependencyNeverSatisfied: what it comes after is not here any more";
  if (before->is_open() || before->fate == Child::Fate::succeeded) return {};
  return concat("DependencyNeverSatisfied: attempt ", parent->record.number, " of ",
                parent->record.job_id, ':', child.index, " has not succeeded");
}

}  // namespace

Result<void> Watch::take_up(const std::vector<Attempt>& known) {
  TRY(is_.submissions.load());
  std::unordered_set<const Child*> wanted;
  for (const Attempt& attempt : known) {
    if (const auto place = is_.submissions.find(attempt))
      wanted.insert(place.child);
    else
      is_.conclusions.not_started(attempt, "the server ended before it was handed to Slurm");
  }
  is_.submissions.each([&](Submission& submission) {
    for (Child& child : submission.children) {
      child.is_silent = child.evidence.is_stopping = !wanted.contains(&child);
      child.must_cancel = child.is_silent && submission.may_be_at_slurm();
    }
    read_files(submission);
  });
  return {};
}

void Watch::stop(const Attempt& attempt) {
  const auto place = is_.submissions.find(attempt);
  if (!place || !place.child->is_open()) return;
  place.child->evidence.is_stopping = true;
  place.child->must_cancel = place.submission->may_be_at_slurm();
  if (!place.child->evidence.is_claimed && !place.child->evidence.exit)
    apply(*place.submission, *place.child, judge(place.child->evidence));
}

void Watch::settle(const Attempt& attempt) {
  const auto place = is_.submissions.find(attempt);
  if (place && !place.child->is_open()) place.child->is_settled = true;
}

void Watch::read_files() {
  is_.submissions.each([&](Submission& submission) {
    if (submission.has_open()) read_files(submission);
  });
}

void Watch::look() {
  const bool has_answer = read_queue();
  is_.submissions.each([&](Submission& submission) { look_at(submission, has_answer); });
}

void Watch::read_files(Submission& submission) {
  const auto seen = submission.files.list_attempts();
  if (!seen) return warn("attempts cannot be listed", submission, seen.error());
  for (Child& child : submission.children) {
    if (!child.is_open()) continue;
    const auto found = seen->find(submission.attempt_name(child));
    if (found == seen->end()) continue;
    if (found->second.is_claimed && !child.evidence.is_claimed) read_claim(submission, child);
    if (found->second.has_ended && !child.evidence.exit) read_exit(submission, child);
  }
}

void Watch::read_claim(Submission& submission, Child& child) {
  auto claim = submission.files.read_claim(submission.attempt_name(child));
  if (!claim) return warn("a claim cannot be read", submission, claim.error());
  child.is_refused = claim->refusal.has_value();
  if (child.is_refused) {
    // An earlier process has decided so, and may not have told it.
    child.must_cancel = submission.may_be_at_slurm();
    if (!child.evidence.exit)
      child.evidence.exit = Outcome{Outcome::Kind::not_started, {.reason = *claim->refusal}};
    return;
  }
  child.evidence.is_claimed = true;
  if (!child.is_silent)
    is_.conclusions.started(submission.record.attempt(child.index), claim->at, claim->where);
}

void Watch::read_exit(Submission& submission, Child& child) {
  const auto exit = submission.files.read_exit(submission.attempt_name(child));
  if (!exit) return warn("an exit file cannot be read", submission, exit.error());
  if (!*exit) return;
  child.evidence.exit = (*exit)->outcome;
  child.ended_at = (*exit)->at;
  if ((*exit)->outcome.is_success() || child.is_silent)
    conclude(submission, child, (*exit)->outcome);
}

bool Watch::read_queue() {
  const auto began = Steady::now();
  bool is_first = true;
  const auto listed = is_.cluster.list([&](const Sighting& sighting) {
    if (std::exchange(is_first, false)) open_listing();
    sight(sighting);
  });
  set_answers(listed);
  if (!listed) return false;
  if (is_first) open_listing();
  is_.submissions.each([&](Submission& submission) { close_listing(submission, began); });
  return true;
}

void Watch::set_answers(const Result<void>& answer) {
  const bool is_leaving = !answer && answer.error().code() == ErrorCode::cancelled;
  if (is_leaving || answer.has_value() == does_answer_) return;
  does_answer_ = answer.has_value();
  if (does_answer_)
    log(LogLevel::info, "Slurm answers again");
  else
    log(LogLevel::warning, "Slurm does not answer; its jobs are waited for",
        {{"error", answer.error().text()}});
}

// That one has ended stays true when Slurm forgets it.
void Watch::open_listing() {
  is_.submissions.each([](Submission& submission) {
    submission.slurm_jobs.clear();
    submission.rest = State::unseen;
    for (Child& child : submission.children)
      if (!has_ended(child.evidence.state)) child.evidence.state = State::unseen;
  });
}

void Watch::sight(const Sighting& sighting) {
  Submission* submission = is_.submissions.find(sighting.submission);
  if (!submission) return;
  note_slurm_job(*submission, sighting.slurm_job);
  if (!submission->record.is_array) {
    sight_child(submission->children.front(), sighting.state, sighting.words);
  } else if (sighting.tasks.empty()) {
    submission->rest = sighting.state;
    submission->rest_words = sighting.words;
  }
  for (const int32_t task : sighting.tasks)
    if (Child* child = submission->find(task + submission->record.offset))
      sight_child(*child, sighting.state, sighting.words);
}

void Watch::sight_child(Child& child, State state, std::string_view words) {
  Evidence& evidence = child.evidence;
  if (!outweighs(state, evidence.state)) return;
  evidence.state = state;
  evidence.words = has_ended(state) ? words : "";
  if (has_ended(state) || !(child.is_refused || evidence.is_stopping)) return;
  if (Steady::now() - child.cancelled_at > cancel_again_after) child.must_cancel = true;
}

void Watch::close_listing(Submission& submission, Steady::time_point began) {
  if (submission.must_look && began >= submission.next_try) submission.must_look = false;
  for (Child& child : submission.children) {
    Evidence& evidence = child.evidence;
    // An array that was cancelled before it began is listed without its tasks.
    if (evidence.state == State::unseen && !evidence.is_claimed && has_ended(submission.rest))
      sight_child(child, submission.rest, submission.rest_words);
    if (evidence.state == State::unseen || has_ended(evidence.state)) child.must_cancel = false;
  }
}

void Watch::note_slurm_job(Submission& submission, int64_t slurm_job) {
  auto& jobs = submission.slurm_jobs;
  if (std::ranges::find(jobs, slurm_job) == jobs.end()) jobs.push_back(slurm_job);
  submission.must_look = false;
  if (std::exchange(submission.is_handed_over, true)) return;
  if (const auto noted = submission.files.note_handed_over(slurm_job); !noted)
    warn("that Slurm has taken it cannot be noted", submission, noted.error());
}

void Watch::look_at(Submission& submission, bool has_answer) {
  const bool has_parent = !submission.record.parent.empty();
  Submission* parent = has_parent ? is_.submissions.find(submission.record.parent) : nullptr;
  for (Child& child : submission.children) {
    if (!child.is_open()) continue;
    Evidence& evidence = child.evidence;
    evidence.has_answer = has_ended(evidence.state) || (has_answer && submission.is_handed_over);
    if (has_parent && !evidence.is_claimed) evidence.unsatisfied = unsatisfied(parent, child);
    apply(submission, child, judge(evidence));
  }
}

void Watch::apply(Submission& submission, Child& child, Verdict verdict) {
  const auto now = Steady::now();
  if (verdict.kind != child.waits_for) child.waits_since = now;
  child.waits_for = verdict.kind;
  const Duration waited = std::chrono::duration_cast<Duration>(now - child.waits_since);
  switch (verdict.kind) {
    case Verdict::Kind::none:
      return;
    case Verdict::Kind::after_pause:
      if (waited < is_.options.exit_file_after) return;
      break;
    case Verdict::Kind::after_silence:
      if (waited < is_.options.lost_after) return;
      break;
    case Verdict::Kind::refuse:
      return refuse(submission, child, std::move(verdict.outcome));
    case Verdict::Kind::ended:
      break;
  }
  if (verdict.outcome.kind == Outcome::Kind::not_started && !child.is_refused)
    return refuse(submission, child, std::move(verdict.outcome));
  conclude(submission, child, std::move(verdict.outcome));
}

void Watch::refuse(Submission& submission, Child& child, Outcome outcome) {
  const std::string name = submission.attempt_name(child);
  const auto refused = submission.files.refuse(name, outcome.ending.reason);
  if (!refused) return warn("an attempt cannot be refused", submission, refused.error());
  // A node was quicker. What has become of it there is seen the next time.
  if (!*refused) return;
  child.is_refused = submission.must_sync = true;
  child.must_cancel = submission.may_be_at_slurm() && !has_ended(child.evidence.state);
  conclude(submission, child, std::move(outcome));
}

// Slurm forgets; what it has said of an attempt is kept in the exit file before it is told.
void Watch::conclude(Submission& submission, Child& child, Outcome outcome) {
  const bool is_kept =
      outcome.kind == Outcome::Kind::not_started ||
      (child.evidence.exit && format_exit(*child.evidence.exit) == format_exit(outcome));
  if (!is_kept) {
    const auto written = submission.files.write_exit(submission.attempt_name(child), outcome);
    if (!written) return warn("an exit file cannot be written", submission, written.error());
  }
  is_.conclusions.conclude(submission, child, child.ended_at.value_or(is_.clock.now()),
                           std::move(outcome));
}

void Watch::cancel() {
  if (!does_answer_) return;
  std::vector<Cluster::Target> targets;
  std::vector<Child*> cancelled;
  is_.submissions.each([&](Submission& submission) {
    std::vector<int32_t> tasks;
    for (Child& child : submission.children) {
      if (!submission.may_be_at_slurm()) child.must_cancel = false;
      if (!child.must_cancel || submission.slurm_jobs.empty()) continue;
      tasks.push_back(child.index - submission.record.offset);
      cancelled.push_back(&child);
    }
    if (tasks.empty()) return;
    if (!submission.record.is_array) tasks.clear();
    for (const int64_t job : submission.slurm_jobs) targets.push_back({job, tasks});
  });
  if (targets.empty()) return;
  const auto answer = is_.cluster.cancel(targets);
  const bool is_refused = !answer && answer.error().code() == ErrorCode::invalid_argument;
  if (is_refused)
    log(LogLevel::warning, "Slurm cancels no job", {{"error", answer.error().text()}});
  else
    set_answers(answer);
  if (!answer && !is_refused) return;
  for (Child* child : cancelled) {
    child->must_cancel = false;
    child->cancelled_at = Steady::now();
  }
}

}  // namespace pawl::executors
