#include "executors/slurm/cluster.h"

#include <stdlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>

#include "base/text.h"
#include "executors/slurm/array_tasks.h"
#include "executors/slurm/script.h"
#include "world/files.h"

namespace pawl::executors {
namespace {

constexpr Duration call_limit = seconds(90);

std::string variable(const char* name) {
  const char* value = ::getenv(name);
  return value ? value : "";
}

// What an administrator may read in a listing.
std::string plain(std::string_view name) {
  std::string text;
  for (const char letter : name) {
    const bool is_plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                          (letter >= '0' && letter <= '9') || letter == '-' || letter == '.';
    text += is_plain ? letter : '_';
  }
  return text.empty() ? "pawl" : text;
}

// Words after which a later call may succeed.
constexpr std::array passing{
    "(connect failure)",
    "standby mode",
    "temporarily unable to accept",
    "job queue full",
    "Job violates accounting/QOS policy",  // also where too many jobs wait
    "Resource temporarily unavailable",
    "authentication error",  // munge is away
    "Invalid authentication credential",
    "Communication connection failure",
    "failed to fetch config",
    "configuration source",
    "Unable to process configuration file",
};
// And after which the job may be there nevertheless.
constexpr std::array uncertain{
    "(send failure)",
    "(receive failure)",
    "(shutdown failure)",
    "Socket timed out",
    "Zero Bytes were transmitted",
    "Transport endpoint",
    "Communication shutdown failure",
    "Unspecified error",
};

template <size_t count>
bool names_any(std::string_view words, const std::array<const char*, count>& list) {
  return std::any_of(list.begin(), list.end(),
                     [&](const char* piece) { return words.find(piece) != words.npos; });
}

// The last line that says something, without the name of the program.
std::string last_words(std::string_view errors) {
  const auto lines = split(trim(errors), '\n');
  std::string_view line = trim(lines.back());
  if (const size_t begin = line.find("error: "); begin != line.npos) line = line.substr(begin + 7);
  return std::string(line);
}

Error refusal(const world::Exit& exit) {
  const std::string words =
      exit.errors.empty() ? concat("it ended with status ", exit.status) : last_words(exit.errors);
  const auto code = names_any(exit.errors, uncertain) ? ErrorCode::outcome_unknown
                    : names_any(exit.errors, passing) ? ErrorCode::unavailable
                                                      : ErrorCode::invalid_argument;
  return Error(code, words);
}

std::vector<int32_t> tasks_of(const Cluster::Order& order) {
  std::vector<int32_t> tasks;
  for (const int32_t index : order.indexes) tasks.push_back(index - order.record.offset);
  return tasks;
}

// The number behind "<name>=" or "<name> =", wherever it stands.
std::optional<int64_t> setting(std::string_view text, std::string_view name) {
  const size_t begin = text.find(name);
  if (begin == text.npos) return std::nullopt;
  std::string_view rest = text.substr(begin + name.size());
  rest.remove_prefix(std::min(rest.find_first_not_of(" ="), rest.size()));
  return parse_integer(rest.substr(0, rest.find_first_not_of("0123456789")));
}

// A file without a name that others can see for long.
class TemporaryFile {
 public:
  TemporaryFile() : file_(::mkstemp(path_.data())) {}
  ~TemporaryFile() {
    if (file_.is_open()) ::unlink(path_.c_str());
  }
  const std::string& path() const { return path_; }
  Result<std::unique_ptr<FILE, int (*)(FILE*)>> open() const {
    std::unique_ptr<FILE, int (*)(FILE*)> stream(::fopen(path_.c_str(), "re"), ::fclose);
    if (!stream) return errno_error(concat("cannot read ", path_), errno);
    return stream;
  }

 private:
  std::string path_ = "/tmp/pawl-queue-XXXXXX";
  world::FileDescriptor file_;
};

}  // namespace

world::Program Cluster::program(std::vector<std::string> arguments) const {
  world::Program program;
  program.arguments = {"env", "-i", concat("PATH=", variable("PATH")),
                       concat("HOME=", variable("HOME")), "SLURM_BITSTR_LEN=0"};
  const std::string configuration =
      options_.configuration.empty() ? variable("SLURM_CONF") : options_.configuration;
  if (!configuration.empty()) program.arguments.push_back(concat("SLURM_CONF=", configuration));
  program.arguments.insert(program.arguments.end(), arguments.begin(), arguments.end());
  program.directory = "/";
  return program;
}

Result<std::string> Cluster::run(world::Program program) {
  auto exit = processes_.run(program, call_limit, leaving_);
  if (!exit) return std::move(exit).error();
  if (exit->status != 0) return refusal(*exit);
  return std::move(exit->output);
}

Result<int32_t> Cluster::array_size() {
  const std::string text = TRY(run(program({"scontrol", "show", "config"})));
  auto size = setting(text, "MaxArraySize");
  if (const auto most = setting(text, "max_array_tasks"); size && most)
    *size = std::min(*size, *most);
  if (!size || *size < 1 || *size > INT32_MAX)
    return Error(ErrorCode::unavailable, "scontrol does not tell MaxArraySize");
  return static_cast<int32_t>(*size);
}

Result<int64_t> Cluster::submit(const Order& order) {
  const Record& record = order.record;
  // With ALL of almost nothing: NONE would run the login scripts of the account on each node.
  std::vector<std::string> arguments{"sbatch",
                                     "--parsable",
                                     "--export=ALL",
                                     "--propagate=NONE",
                                     "--no-requeue",
                                     "--kill-on-invalid-dep=no",
                                     "--nodes=1",
                                     "--ntasks=1",
                                     "--chdir=/",
                                     "--input=/dev/null",
                                     "--output=/dev/null",
                                     concat("--job-name=", plain(record.job_name)),
                                     concat("--comment=", comment_prefix, record.name)};
  const auto add = [&](const auto&... pieces) { arguments.push_back(concat(pieces...)); };
  add("--cpus-per-task=", std::max<int64_t>(1, std::llround(std::ceil(record.vcpus))));
  if (record.memory_mib > 0) add("--mem=", record.memory_mib, 'M');
  if (record.is_array) add("--array=", format_tasks(tasks_of(order)));
  if (order.after_slurm_job != 0)
    add("--dependency=", record.is_array ? "aftercorr:" : "afterok:", order.after_slurm_job);
  if (!options_.partition.empty()) add("--partition=", options_.partition);
  if (!options_.account.empty()) add("--account=", options_.account);
  for (const auto& option : options_.extra_options) add(option);
  world::Program call = program(std::move(arguments));
  call.input = launcher(order.files.script());
  auto output = run(std::move(call));
  if (!output && output.error().code() == ErrorCode::timed_out)
    return Error(ErrorCode::outcome_unknown, output.error().message());
  if (!output) return std::move(output).error();
  const auto job = parse_integer(trim(output->substr(0, output->find(';'))));
  if (!job) return Error(ErrorCode::outcome_unknown, concat("sbatch has answered ", *output));
  return *job;
}

// Through a file: the queue of a large array is longer than what is kept of a program's output.
Result<void> Cluster::list(const std::function<void(const Sighting&)>& tell) {
  const TemporaryFile file;
  world::Program call = program(
      {"squeue", "--me", "--noheader", "--states=all", concat("--format=", listing_format)});
  call.arguments.insert(call.arguments.begin(),
                        {"/bin/sh", "-c", "exec \"$@\" >\"$0\"", file.path()});
  TRY(run(std::move(call)));
  const auto stream = TRY(file.open());
  char* line = nullptr;
  size_t capacity = 0;
  for (ssize_t bytes = 0; (bytes = ::getline(&line, &capacity, stream.get())) > 0;) {
    const auto sighting = parse_sighting(trim({line, static_cast<size_t>(bytes)}));
    if (sighting) tell(*sighting);
  }
  ::free(line);
  return {};
}

Result<void> Cluster::cancel(const std::vector<Target>& targets) {
  std::vector<std::string> arguments{"scancel", "--quiet"};
  for (const auto& target : targets) {
    const std::string tasks = format_tasks(target.tasks);
    arguments.push_back(tasks.empty() ? concat(target.slurm_job)
                                      : concat(target.slurm_job, "_[", tasks, ']'));
  }
  TRY(run(program(std::move(arguments))));
  return {};
}

}  // namespace pawl::executors
