#include "functions/processes/pythons.h"

#include <unistd.h>

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "world/os_processes.h"
#include "world/programs.h"

namespace pawl::functions::processes {
namespace {

constexpr Duration start_limit = seconds(60);
constexpr const char* system_python = "/usr/bin/python3";

std::vector<std::string> candidates(const std::string& runtime) {
  std::vector<std::string> programs = world::programs_named(runtime);
  for (std::string& each : world::programs_named("python3")) programs.push_back(std::move(each));
  if (std::ranges::find(programs, system_python) == programs.end())
    programs.push_back(system_python);
  return programs;
}

}  // namespace

Result<std::string> Pythons::program_for(const std::string& runtime) {
  const auto known = found_.find(runtime);
  // It may have been taken away since.
  if (known != found_.end() && ::access(known->second.c_str(), X_OK) == 0) return known->second;
  std::vector<std::string> refusals;
  for (const std::string& program : candidates(runtime)) {
    const auto started = attempt(program);
    if (started) {
      if (!refusals.empty())
        log(LogLevel::warning, "functions run with another Python than the first of their name",
            {{"runtime", runtime}, {"program", program}, {"why", join(refusals, "; ")}});
      return found_[runtime] = program;
    }
    refusals.push_back(concat(program, ": ", started.error().message()));
  }
  return Error(ErrorCode::not_found,
               concat("no Python starts for ", runtime, ": ", join(refusals, "; ")));
}

Result<void> Pythons::attempt(const std::string& program) const {
  world::Program trial;
  trial.arguments = {program, "-c", ""};
  trial.environment = {concat("PATH=", world::search_path())};
  trial.inherits_environment = false;
  trial.directory = "/";
  trial.account = system_account_;
  const auto exit = TRY(world::OsProcesses().run(trial, start_limit, world::Cancellation()));
  if (exit.status == 0) return {};
  const std::string_view words = trim(exit.errors);
  return Error(ErrorCode::not_found, concat("it ends with status ", exit.status,
                                            words.empty() ? "" : ", ", split(words, '\n').front()));
}

}  // namespace pawl::functions::processes
