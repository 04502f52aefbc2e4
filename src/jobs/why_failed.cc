#include "jobs/why_failed.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "jobs/describe.h"

namespace pawl::jobs {
namespace {

// As a shell has them, of a program.
constexpr int32_t cannot_run = 126, not_found = 127;

std::optional<Target> failed_dependency(const Jobs& jobs, const Job& job, int32_t index) {
  for (const Dependency& dependency : job.specification.dependencies)
    if (const auto on = jobs.depends_on(dependency, job, index);
        on && status_of(*on) == Status::failed)
      return on;
  return std::nullopt;
}

bool is_own(const Child& child) {
  return child.status == Status::failed && child.failing != Failing::dependency;
}

// Of those that failed by themselves; of all, where none did.
int32_t first_failed(const Job& job) {
  auto found = std::ranges::find_if(job.children, is_own);
  if (found == job.children.end())
    found = std::ranges::find(job.children, Status::failed, &Child::status);
  return static_cast<int32_t>(found - job.children.begin());
}

bool was_out_of_memory(const Child& child) {
  return !child.ended.empty() && child.ended.back().reason.starts_with("OutOfMemoryError");
}

// Its program could not be begun, which its reason says: there is nothing that it wrote.
bool never_ran(const Child& child) {
  if (child.ended.empty()) return false;
  const AttemptEnd& end = child.ended.back();
  return !end.started && !end.reason.empty() &&
         (end.exit_code == cannot_run || end.exit_code == not_found);
}

// What a retry alone does not get over, and what does; empty where it may.
std::string beyond_retry(const Child& child) {
  constexpr std::string_view again = "a retry has the same limit: submit it again with ";
  if (child.failing == Failing::timed_out)
    return concat(again, "a longer one (--time-limit, timeout.attemptDurationSeconds)");
  if (child.failing == Failing::by_itself && was_out_of_memory(child))
    return concat(again, "more (--memory, MEMORY)");
  return {};
}

constexpr std::string_view inherited_way = "because what they depend on failed";

// As what is counted of an array: "ended with exit code 75".
std::string way_of_failing(const Child& child) {
  switch (child.failing) {
    case Failing::dependency:
      return std::string(inherited_way);
    case Failing::cancelled:
      return "cancelled";
    case Failing::terminated:
      return "terminated";
    case Failing::timed_out:
      return "ran longer than their limit";
    default:
      return child.ended.empty() ? child.reason
                                 : concat("ended with ", exit_of(child.ended.back()));
  }
}

// "5 ended with exit code 75, 2 because what they depend on failed"; empty where it is one way.
std::string ways_of_failing(const Job& job) {
  constexpr size_t shown_max = 3;
  std::map<std::string, int64_t> counts;
  for (const Child& child : job.children)
    if (child.status == Status::failed) ++counts[way_of_failing(child)];
  if (counts.size() < 2) return {};
  std::vector<std::pair<std::string, int64_t>> ways(counts.begin(), counts.end());
  std::ranges::stable_sort(ways, {}, [&](const auto& way) {
    return std::pair(way.first == inherited_way, -way.second);
  });
  std::vector<std::string> shown;
  int64_t others = 0;
  for (const auto& [way, count] : ways) {
    if (shown.size() < shown_max || way == inherited_way)
      shown.push_back(concat(count, " ", way));
    else
      others += count;
  }
  if (others > 0) shown.push_back(concat(others, " in other ways"));
  return join(shown, ", ");
}

}  // namespace

const Child& child_at(const Job& job, int32_t index) {
  return job.children.at(static_cast<size_t>(index));
}

std::string counted(int64_t count, std::string_view noun) {
  return concat(count, " ", noun, count == 1 ? "" : noun == "child" ? "ren" : "s");
}

Target place(const Job& job, int32_t index) {
  if (!job.is_array()) return {&job, std::nullopt};
  return {&job, index};
}

std::string exit_of(const AttemptEnd& end) {
  std::string text = end.exit_code ? concat("exit code ", *end.exit_code)
                                   : std::string("an exit code that nobody knows");
  if (!end.reason.empty())
    text += concat(", ", end.reason);
  else if (end.exit_code == not_found)
    text += ", which is a shell's for a program that is not found";
  return text;
}

std::string attempts_of(const Job& job, const Child& child) {
  return concat("attempt ", child.attempt - child.attempts_before, " of ",
                job.specification.retry.attempts);
}

Target root_of_failure(const Jobs& jobs, const Job& job, int32_t index) {
  Target at = place(job, index);
  int32_t child = index;
  while (child_at(*at.job, child).failing == Failing::dependency) {
    const auto on = failed_dependency(jobs, *at.job, child);
    if (!on) break;
    at = *on;
    child = on->index.value_or(first_failed(*on->job));
  }
  return at;
}

std::string retry_command(const Target& failed) {
  return concat("`pawl batch retry ", id_of(failed), " --failed`");
}

Why why_failed(const Jobs& jobs, const Job& job, int32_t index) {
  const Child& child = child_at(job, index);
  const std::string id = id_of(place(job, index));
  const std::string retry = concat(retry_command(place(job, index)), " runs it again");
  const std::string instead = beyond_retry(child);
  switch (child.failing) {
    case Failing::dependency:
      return {child.reason, concat(retry_command(root_of_failure(jobs, job, index)),
                                   " runs that one again, and then this one")};
    case Failing::cancelled:
      return {concat("it was cancelled: ", child.reason), retry};
    case Failing::terminated:
      return {concat("it was terminated: ", child.reason), retry};
    case Failing::timed_out:
      return {concat("its attempt ran longer than its limit of ",
                     format_duration(job.specification.time_limit.value_or(Duration()))),
              instead};
    default:
      break;
  }
  const std::string how = child.ended.empty() ? child.reason : exit_of(child.ended.back());
  const bool had_more = child.attempt - child.attempts_before < job.specification.retry.attempts;
  return {concat(attempts_of(job, child), " ended with ", how,
                 had_more && job.is_cancelled ? ", and the job had been cancelled" : ""),
          concat(never_ran(child) ? "" : concat("`pawl batch logs ", id, "` shows what it wrote, "),
                 instead.empty() ? retry : instead)};
}

Why why_failed_array(const Jobs& jobs, const Job& job) {
  const int32_t index = first_failed(job);
  const Child& first = child_at(job, index);
  const std::string ways = ways_of_failing(job);
  Why why = why_failed(jobs, job, index);
  why.reason =
      concat(counted(job.count(Status::failed), "child"), " of ", job.specification.size, " failed",
             ways.empty() ? "" : ": ", ways, ways.empty() ? ", " : "; ", "the first",
             ways.empty() || !is_own(first) ? "" : " by itself", " is ", index, ": ", why.reason);
  if (is_own(first) && beyond_retry(first).empty())
    why.help = concat(retry_command({&job, std::nullopt}), " runs only those again");
  // What failed for another job is not among those.
  const auto inherited = std::ranges::find(job.children, Failing::dependency, &Child::failing);
  if (inherited == job.children.end()) return why;
  const Target root =
      root_of_failure(jobs, job, static_cast<int32_t>(inherited - job.children.begin()));
  if (root.job == &job) return why;
  const std::string retry_root = retry_command({root.job, std::nullopt});
  why.help = is_own(first) ? concat(why.help, ", and ", retry_root,
                                    " runs what the others depend on again, and then them")
                           : concat(retry_root, " runs what they depend on again, and then them");
  return why;
}

}  // namespace pawl::jobs
