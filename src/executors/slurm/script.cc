#include "executors/slurm/script.h"

#include <algorithm>

#include "base/text.h"

namespace pawl::executors {
namespace {

constexpr std::string_view default_path =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// As one word of a shell, whatever the bytes.
std::string quoted(std::string_view text) {
  return concat('\'', replace_all(text, "'", "'\\''"), '\'');
}

// File systems of networks may show a file to another node a little later.
constexpr std::string_view wait_for_gate = R"(tries=0
until [ -s "$gate/$name.exit" ] || [ $tries -ge 10 ]; do
  sleep 1
  tries=$((tries + 1))
done
read -r status <"$gate/$name.exit" && [ "$status" = 0 ] || exit 75
)";

constexpr std::string_view claim =
    R"((set -C && echo "$SLURM_JOB_ID $SLURMD_NODENAME" >"$name.claim") || exit 75
)";

// The trap keeps this shell alive, so that it can write the exit file; the command gets a TERM of
// its own, and with it what the signal does by default.
constexpr std::string_view begin_command = R"(trap : TERM
(
)";

constexpr std::string_view write_exit = R"(status=$?
reason=
[ -w "$log" ] || reason=": cannot write $log"
echo "$status$reason" >"$name.exit.tmp" && mv -f "$name.exit.tmp" "$name.exit"
exit "$status"
)";

std::string environment(const ScriptParts& parts) {
  const Work& work = parts.work;
  std::string text = concat("PATH=", default_path, " HOME=\"$HOME\"");
  for (const auto& variable : work.environment) text += concat(" \\\n    ", quoted(variable));
  text += concat(" \\\n    AWS_BATCH_JOB_ID=", quoted(work.job_id));
  if (parts.is_array) text += ":\"$name\" AWS_BATCH_JOB_ARRAY_INDEX=\"$name\"";
  text += concat(" AWS_BATCH_JOB_ATTEMPT=", parts.number);
  return text += concat(" AWS_BATCH_JQ_NAME=", quoted(work.queue));
}

// Why it cannot be run, or nothing.
std::string_view obstacle(const Work& work) {
  const auto has_nul = [](const std::string& text) { return text.find('\0') != text.npos; };
  if (work.command.empty()) return "the command is empty";
  if (std::ranges::any_of(work.command, has_nul)) return "the command holds a NUL byte";
  if (std::ranges::any_of(work.environment, has_nul)) return "the environment holds a NUL byte";
  return {};
}

std::string command(const ScriptParts& parts) {
  const Work& work = parts.work;
  if (const auto why = obstacle(work); !why.empty())
    return concat("  echo ", quoted(why), "\n  exit 126\n");
  std::string text = concat("  exec env -i ", environment(parts), " \\\n   ");
  // env(1) would take such a program for one variable more.
  if (work.command.front().find('=') != std::string::npos)
    text += " /bin/sh -c 'exec \"$0\" \"$@\"'";
  for (const auto& argument : work.command) text += concat(' ', quoted(argument));
  return text + '\n';
}

}  // namespace

std::string attempt_script(const ScriptParts& parts) {
  const Work& work = parts.work;
  std::string text = "export PATH=/usr/local/bin:/usr/bin:/bin\n";
  text += parts.is_array ? concat("name=$((SLURM_ARRAY_TASK_ID + ", parts.offset, "))\n")
                         : "name=job\n";
  text += concat("cd ", quoted(parts.attempts), " || exit ", refused_status, '\n');
  if (!parts.gate.empty()) text += concat("gate=", quoted(parts.gate), '\n', wait_for_gate);
  text += concat(claim, "log=", quoted(work.log_directory), "/$name.", parts.number, ".log\n",
                 begin_command);
  if (!work.directory.empty()) text += concat("  cd ", quoted(work.directory), " || exit 126\n");
  text += command(parts);
  return text += concat(") >>\"$log\" 2>&1 </dev/null\n", write_exit);
}

std::string launcher(const std::string& script_file) {
  return concat("#!/bin/sh\nexec /bin/sh ", quoted(script_file), '\n');
}

}  // namespace pawl::executors
