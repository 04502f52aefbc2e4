#include "executors/slurm/submission.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "executors/slurm/array_tasks.h"
#include "json/parse.h"
#include "json/write.h"
#include "world/files.h"

namespace pawl::executors {
namespace {

constexpr std::string_view refused = "refused: ";
constexpr std::string_view claim_suffix = ".claim", exit_suffix = ".exit";

Error corrupt(const std::string& path) {
  return Error(ErrorCode::corrupt, concat(path, " is not as it was written"));
}

// The text and when it was written; nothing where there is no such file.
struct Dated {
  std::string text;
  Instant at;
};

Result<std::optional<Dated>> read_dated(const std::string& path) {
  const world::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && errno == ENOENT) return std::optional<Dated>();
  if (!file.is_open()) return errno_error(concat("cannot read ", path), errno);
  struct stat status {};
  char bytes[4096];
  const ssize_t count = ::read(file.number(), bytes, sizeof bytes);
  if (count < 0 || ::fstat(file.number(), &status) != 0)
    return errno_error(concat("cannot read ", path), errno);
  const Duration since_epoch = std::chrono::duration_cast<Duration>(
      seconds(status.st_mtim.tv_sec) + std::chrono::nanoseconds(status.st_mtim.tv_nsec));
  return std::optional<Dated>(
      {std::string(trim({bytes, static_cast<size_t>(count)})), Instant(since_epoch)});
}

json::Value to_json(const Record& record) {
  return json::Value::object({{"name", record.name},
                              {"jobId", record.job_id},
                              {"jobName", record.job_name},
                              {"attempt", record.number},
                              {"isArray", record.is_array},
                              {"offset", record.offset},
                              {"indexes", format_tasks(record.indexes)},
                              {"vcpus", record.vcpus},
                              {"memoryMib", record.memory_mib},
                              {"parent", record.parent}});
}

std::optional<Record> from_json(const json::Value& value) {
  const auto name = value.string_at("name"), job_id = value.string_at("jobId");
  const auto indexes = value.string_at("indexes"), parent = value.string_at("parent");
  const auto number = value.integer_at("attempt"), offset = value.integer_at("offset");
  if (!name || !job_id || !indexes || !parent || !number || !offset) return std::nullopt;
  auto tasks = parse_tasks(*indexes);
  if (!tasks || tasks->empty()) return std::nullopt;
  Record record;
  record.name = *name;
  record.job_id = *job_id;
  record.job_name = value.string_at("jobName").value_or("");
  record.number = static_cast<int32_t>(*number);
  record.is_array = value.boolean_at("isArray").value_or(false);
  record.offset = static_cast<int32_t>(*offset);
  record.indexes = std::move(*tasks);
  record.vcpus = value.number_at("vcpus").value_or(1);
  record.memory_mib = value.integer_at("memoryMib").value_or(0);
  record.parent = *parent;
  return record;
}

}  // namespace

Attempt Record::attempt(int32_t index) const {
  return {job_id, is_array ? std::optional(index) : std::nullopt, number};
}

std::string format_exit(const Outcome& outcome) {
  std::string text = concat(outcome.ending.status);
  if (outcome.kind == Outcome::Kind::lost) text += " lost";
  if (outcome.ending.is_out_of_memory) text += " out-of-memory";
  if (outcome.ending.is_host_lost) text += " host-lost";
  if (!outcome.ending.reason.empty()) text += concat(": ", outcome.ending.reason);
  return text + '\n';
}

std::optional<Outcome> parse_exit(std::string_view text) {
  text = trim(text);
  Outcome outcome;
  if (const size_t colon = text.find(": "); colon != text.npos) {
    outcome.ending.reason = text.substr(colon + 2);
    text = text.substr(0, colon);
  }
  const auto words = split(text, ' ');
  const auto status = parse_integer(words.front());
  if (!status || *status < 0 || *status > 255) return std::nullopt;
  outcome.ending.status = static_cast<int>(*status);
  for (size_t at = 1; at < words.size(); ++at) {
    if (words[at] == "lost") outcome.kind = Outcome::Kind::lost;
    if (words[at] == "out-of-memory") outcome.ending.is_out_of_memory = true;
    if (words[at] == "host-lost") outcome.ending.is_host_lost = true;
  }
  return outcome;
}

std::string SubmissionFiles::path(const std::string& attempt, std::string_view suffix) const {
  return concat(directory_, "/attempts/", attempt, suffix);
}

Result<void> SubmissionFiles::create(const Record& record, const std::string& script) const {
  TRY(world::make_directories(attempts(), 0700));
  TRY(world::write_file_atomically(this->script(), script, 0600));
  TRY(world::write_file_atomically(directory_ + "/record.json", json::write(to_json(record)),
                                   0600));
  return world::sync_directory(world::parent_directory(directory_));
}

Result<Record> SubmissionFiles::read_record() const {
  const std::string path = directory_ + "/record.json";
  if (!world::exists(path) || !world::is_directory(attempts()))
    return Error(ErrorCode::not_found, concat(directory_, " is not a whole submission"));
  auto record = from_json(TRY(json::parse(TRY(world::read_file(path)))));
  if (!record) return corrupt(path);
  return std::move(*record);
}

bool SubmissionFiles::is_handed_over() const { return world::exists(directory_ + "/slurm-job"); }

Result<void> SubmissionFiles::note_handed_over(int64_t slurm_job) const {
  return world::write_file_atomically(directory_ + "/slurm-job", concat(slurm_job, '\n'), 0600);
}

auto SubmissionFiles::list_attempts() const -> Result<std::map<std::string, Seen, std::less<>>> {
  std::map<std::string, Seen, std::less<>> seen;
  for (const std::string& file : TRY(world::list_directory(attempts()))) {
    const size_t dot = file.find('.');
    const std::string_view suffix = std::string_view(file).substr(std::min(dot, file.size()));
    if (suffix == claim_suffix) seen[file.substr(0, dot)].is_claimed = true;
    if (suffix == exit_suffix) seen[file.substr(0, dot)].has_ended = true;
  }
  return seen;
}

auto SubmissionFiles::read_claim(const std::string& attempt) const -> Result<Claim> {
  const auto file = TRY(read_dated(path(attempt, claim_suffix)));
  if (!file) return Error(ErrorCode::not_found, concat(attempt, " is not claimed"));
  Claim claim{file->at, {}, {}};
  if (file->text.starts_with(refused)) {
    claim.refusal = file->text.substr(refused.size());
  } else if (const size_t blank = file->text.find(' '); blank != std::string::npos) {
    claim.where = file->text.substr(blank + 1);
  }
  return claim;
}

auto SubmissionFiles::read_exit(const std::string& attempt) const -> Result<std::optional<Exit>> {
  const auto file = TRY(read_dated(path(attempt, exit_suffix)));
  if (!file) return std::optional<Exit>();
  auto outcome = parse_exit(file->text);
  if (!outcome) return std::optional<Exit>();
  return std::optional<Exit>({file->at, std::move(*outcome)});
}

Result<void> SubmissionFiles::write_exit(const std::string& attempt, const Outcome& outcome) const {
  return world::write_file_atomically(path(attempt, exit_suffix), format_exit(outcome), 0600);
}

// By a link, which there is whole or not at all, and which fails where the name is taken.
Result<bool> SubmissionFiles::refuse(const std::string& attempt, std::string_view why) const {
  const std::string written = directory_ + "/refusal", claim = path(attempt, claim_suffix);
  {
    const auto file = TRY(world::open_file(written, O_WRONLY | O_CREAT | O_TRUNC, "cannot write"));
    TRY(world::write_all(file, concat(refused, why, '\n'), written));
  }
  const int linked = ::link(written.c_str(), claim.c_str());
  const int link_errno = errno;
  ::unlink(written.c_str());
  if (linked == 0) return true;
  if (link_errno == EEXIST) return false;
  return errno_error(concat("cannot make ", claim), link_errno);
}

Result<void> SubmissionFiles::sync_attempts() const { return world::sync_directory(attempts()); }

void SubmissionFiles::abandon() const { ::unlink((directory_ + "/record.json").c_str()); }

}  // namespace pawl::executors
