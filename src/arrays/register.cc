#include "arrays/register.h"

#include "arrays/run/verbs.h"

namespace pawl::arrays {
namespace {

std::string_view failure_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::unsupported:
      return "Arrays.InvalidInput";
    case ErrorCode::not_found:
      return "Arrays.NotFound";
    case ErrorCode::conflict:
    case ErrorCode::already_exists:
      return "Arrays.Conflict";
    case ErrorCode::corrupt:
      return "Arrays.Damaged";
    // The disk, or a server that is being stopped: the next try may do it.
    default:
      return "Arrays.Unavailable";
  }
}

asl::Failure to_failure(const Error& error) {
  if (!error.kind().empty()) return {std::string(error.kind()), error.text()};
  return {std::string(failure_name(error.code())), error.text()};
}

using Verb = Result<json::Value> (*)(const Services&, functions::Call&);

struct Row {
  const char *name, *description;
  Verb verb;
};

constexpr Row rows[] = {
    {"pawl-arrays-init", "Splits the ids over nodes and says which jobs to submit.", init},
    {"pawl-arrays-check", "Finds every id in the bucket once, or says what failed.", check},
    {"pawl-arrays-cleanup", "Removes a run from the volume.", cleanup},
    {"pawl-arrays-verify", "Makes every result again and compares it.", verify},
    {"pawl-arrays-show", "Shows a run and its jobs.", show},
    {"pawl-arrays-kept", "Says what there is of runs.", kept},
    {"pawl-arrays-purge", "Removes what there is of runs that have ended.", purge},
    {"pawl-arrays-site", "Says what is missing for a run, and what is unsafe.", site},
};

}  // namespace

void register_functions(functions::Registry& registry, const Services& services) {
  for (const Row& row : rows) {
    functions::Function function;
    function.name = row.name;
    function.description = row.description;
    function.time_limit = hours(1);
    function.body = [&services,
                     verb = row.verb](functions::Call& call) -> asl::Outcome<json::Value> {
      auto answer = verb(services, call);
      if (!answer) return to_failure(answer.error());
      return *std::move(answer);
    };
    registry.add(std::move(function));
  }
}

}  // namespace pawl::arrays
