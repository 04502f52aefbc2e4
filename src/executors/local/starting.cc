#include "executors/local/starting.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/text.h"
#include "executors/local/attempt_name.h"
#include "executors/local/process_table.h"

namespace pawl::executors {
namespace {

constexpr int status_cannot_run = 126, status_not_found = 127;
constexpr std::string_view default_path =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

Obstacle cannot_run(std::string reason) { return {status_cannot_run, std::move(reason)}; }

std::string words_of(int error) { return std::strerror(error); }

bool has_nul(const std::vector<std::string>& words) {
  return std::ranges::any_of(words,
                             [](const std::string& word) { return word.find('\0') != word.npos; });
}

void add_default(std::vector<std::string>& environment, const char* name,
                 std::string_view otherwise) {
  const std::string begin = concat(name, "=");
  const auto is_it = [&](const std::string& variable) { return variable.starts_with(begin); };
  if (std::ranges::any_of(environment, is_it)) return;
  const char* ours = std::getenv(name);
  environment.push_back(concat(begin, ours ? ours : otherwise));
}

std::vector<std::string> environment_of(const Attempt& attempt, const Work& work) {
  std::vector<std::string> environment = {
      concat("AWS_BATCH_JOB_ID=", child_id(attempt)),
      concat("AWS_BATCH_JOB_ATTEMPT=", attempt.number),
      concat("AWS_BATCH_JQ_NAME=", work.queue),
  };
  if (attempt.index) environment.push_back(concat("AWS_BATCH_JOB_ARRAY_INDEX=", *attempt.index));
  const size_t ours = environment.size();
  for (const std::string& variable : work.environment) {
    const std::string_view name = std::string_view(variable).substr(0, variable.find('=') + 1);
    if (name == mark_name) continue;
    const auto has_name = [&](const std::string& own) { return own.starts_with(name); };
    // What we say of an attempt is how it is found again.
    if (!std::any_of(environment.begin(), environment.begin() + ours, has_name))
      environment.push_back(variable);
  }
  add_default(environment, "PATH", default_path);
  add_default(environment, "HOME", "/");
  return environment;
}

}  // namespace

Result<Launch, Obstacle> prepare(const Attempt& attempt, const Work& work, const Ground& ground) {
  if (work.command.empty()) return cannot_run("the command is empty");
  if (has_nul(work.command)) return cannot_run("the command holds a NUL byte");
  if (has_nul(work.environment)) return cannot_run("the environment holds a NUL byte");
  Launch launch;
  launch.environment = environment_of(attempt, work);
  launch.mark = to_variable({.attempt = attempt, .directory = ground.directory});
  const auto program = find_program(work.command[0], launch.environment);
  if (!program)
    return Obstacle{status_not_found,
                    concat("cannot run ", work.command[0], ": it is not in PATH")};
  launch.program = *program;
  launch.arguments = work.command;
  launch.directory = work.directory.empty() ? "/" : work.directory;
  launch.input = ground.input.number();
  launch.open_files = ground.open_files;
  return launch;
}

Obstacle obstacle_of(const Error& log_failure) {
  if (log_failure.code() == ErrorCode::out_of_space) return {0, log_failure.message()};
  return cannot_run(log_failure.message());
}

Obstacle obstacle_of(const LaunchFailure& failure, const Launch& launch) {
  const std::string why = concat(": ", words_of(failure.error));
  switch (failure.step) {
    case LaunchStep::none:
    case LaunchStep::make:
      return {0, concat("cannot make a process", why)};
    case LaunchStep::change_directory:
      return cannot_run(concat("cannot enter the directory ", launch.directory, why));
    case LaunchStep::set_streams:
      return cannot_run(concat("cannot set its streams", why));
    case LaunchStep::run_program:
      break;
  }
  const int status = failure.error == ENOENT ? status_not_found : status_cannot_run;
  return {status, concat("cannot run ", launch.program, why)};
}

}  // namespace pawl::executors
