#include "executors/slurm/verdict.h"

#include <csignal>

#include "base/text.h"

namespace pawl::executors {
namespace {

constexpr int killed = 128 + SIGKILL, terminated = 128 + SIGTERM;

Outcome not_started(std::string why) {
  return {Outcome::Kind::not_started, {.reason = std::move(why)}};
}

// What Slurm's state adds to a status of our own exit file.
Ending explained(Ending ending, const Evidence& evidence) {
  ending.is_out_of_memory |= evidence.state == State::out_of_memory;
  ending.is_host_lost |= evidence.state == State::host_lost;
  // What is told of memory says it already.
  const bool is_plain = evidence.state == State::completed || evidence.state == State::failed ||
                        evidence.state == State::out_of_memory;
  if (ending.reason.empty() && !is_plain && !evidence.is_stopping)
    ending.reason = concat("Slurm: ", evidence.words);
  return ending;
}

// An attempt that has written how it ended. Only where it went wrong may Slurm have more to say.
Verdict judge_exit(const Evidence& evidence) {
  const Outcome& exit = *evidence.exit;
  const bool is_final = exit.is_success() || exit.kind != Outcome::Kind::ended ||
                        exit.ending.is_host_lost || exit.ending.is_out_of_memory ||
                        !exit.ending.reason.empty();
  if (is_final) return {Verdict::Kind::ended, exit};
  if (evidence.has_answer && has_ended(evidence.state))
    return {Verdict::Kind::ended, {exit.kind, explained(exit.ending, evidence)}};
  if (evidence.has_answer && evidence.state == State::unseen) return {Verdict::Kind::ended, exit};
  return {Verdict::Kind::after_pause, exit};
}

// Slurm says that it has ended, and no node has claimed it.
Outcome outcome_of_unclaimed(const Evidence& evidence) {
  if (evidence.is_stopping) return not_started("it was stopped before it began");
  const bool is_unsatisfied = evidence.words.find("DependencyNeverSatisfied") != std::string::npos;
  if (evidence.state != State::cancelled || is_unsatisfied)
    return not_started(concat("Slurm: ", evidence.words));
  return {Outcome::Kind::ended,
          {.status = terminated, .reason = "it was cancelled in Slurm before it began"}};
}

// Slurm says that it has ended, and it began, but there is no exit file.
Outcome outcome_in_words_of_slurm(const Evidence& evidence) {
  Ending ending;
  if (evidence.state == State::completed) return {Outcome::Kind::ended, ending};
  ending.status = evidence.state == State::failed ? 1 : killed;
  ending.is_out_of_memory = evidence.state == State::out_of_memory;
  ending.is_host_lost = evidence.state == State::host_lost;
  ending.reason = ending.is_out_of_memory
                      ? std::string("it left no exit file")
                      : concat("Slurm: ", evidence.words, "; it left no exit file");
  return {Outcome::Kind::ended, ending};
}

}  // namespace

Verdict judge(const Evidence& evidence) {
  if (evidence.exit) return judge_exit(evidence);
  if (!evidence.is_claimed && !evidence.unsatisfied.empty())
    return {Verdict::Kind::refuse, not_started(evidence.unsatisfied)};
  if (!evidence.is_claimed && evidence.is_stopping)
    return {Verdict::Kind::refuse, not_started("it was stopped before it began")};
  if (!evidence.has_answer || evidence.state == State::active) return {};
  if (evidence.state == State::never_satisfied)
    return {Verdict::Kind::refuse, not_started("DependencyNeverSatisfied")};
  if (has_ended(evidence.state)) {
    if (evidence.is_claimed)
      return {Verdict::Kind::after_pause, outcome_in_words_of_slurm(evidence)};
    return {Verdict::Kind::refuse, outcome_of_unclaimed(evidence)};
  }
  if (evidence.is_claimed)
    return {Verdict::Kind::after_silence,
            {Outcome::Kind::lost, {.reason = "Slurm does not know it, and it left no exit file"}}};
  return {Verdict::Kind::after_silence, not_started("Slurm does not know it, and it never began")};
}

}  // namespace pawl::executors
