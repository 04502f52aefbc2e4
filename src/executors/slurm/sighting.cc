#include "executors/slurm/sighting.h"

#include "base/text.h"
#include "executors/slurm/array_tasks.h"

namespace pawl::executors {
namespace {

struct Row {
  std::string_view word;
  State state;
};

// All others mean that it has not ended, also those of a later version of Slurm.
constexpr Row ended_states[] = {
    {"COMPLETED", State::completed}, {"FAILED", State::failed},
    {"CANCELLED", State::cancelled}, {"TIMEOUT", State::time_limit},
    {"DEADLINE", State::time_limit}, {"OUT_OF_MEMORY", State::out_of_memory},
    {"NODE_FAIL", State::host_lost}, {"BOOT_FAIL", State::host_lost},
    {"PREEMPTED", State::host_lost},
};

State parse_state(std::string_view words) {
  const std::string_view word = words.substr(0, words.find(' '));
  for (const auto& row : ended_states)
    if (row.word == word) return row.state;
  return words == "PENDING DependencyNeverSatisfied" ? State::never_satisfied : State::active;
}

}  // namespace

bool has_ended(State state) { return state >= State::completed; }

std::optional<Sighting> parse_sighting(std::string_view line) {
  if (!line.starts_with(comment_prefix)) return std::nullopt;
  const auto fields = split(line.substr(comment_prefix.size()), '|');
  if (fields.size() != 4) return std::nullopt;
  Sighting sighting;
  sighting.submission = fields[0];
  const auto job = parse_integer(fields[1]);
  if (!job) return std::nullopt;
  sighting.slurm_job = *job;
  if (fields[2] != "N/A") {
    auto tasks = parse_tasks(fields[2]);
    if (!tasks) return std::nullopt;
    sighting.tasks = std::move(*tasks);
  }
  sighting.words = trim(fields[3]);
  sighting.state = parse_state(sighting.words);
  return sighting;
}

}  // namespace pawl::executors
