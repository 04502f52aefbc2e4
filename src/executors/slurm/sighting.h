#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::executors {

// What Slurm says of a task in one listing.
enum class State : uint8_t {
  unseen,           // not listed
  active,           // waits, runs, or is something that we do not know: not ended
  never_satisfied,  // waits for what will not come
  completed,
  failed,
  cancelled,
  time_limit,
  out_of_memory,
  host_lost,  // the node failed, did not boot, or was taken away for something more important
};

bool has_ended(State state);

// One line of the queue: some tasks of one job in one state.
struct Sighting {
  std::string_view submission;  // its name, from the comment
  int64_t slurm_job = 0;        // the number of the whole array
  std::vector<int32_t> tasks;   // none where it is no array
  State state = State::unseen;
  std::string_view words;  // the state and its reason as Slurm writes them
};

// What `squeue --format` is told: <comment>|<job>|<tasks>|<state> <reason>
inline constexpr const char* listing_format = "%k|%F|%K|%T %r";
inline constexpr std::string_view comment_prefix = "pawl:";

// Nothing where the line is not of a job of ours. The result points into the line.
std::optional<Sighting> parse_sighting(std::string_view line);

}  // namespace pawl::executors
