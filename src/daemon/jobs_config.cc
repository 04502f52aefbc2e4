#include "daemon/jobs_config.h"

#include <filesystem>

#include "arrays/run/safety.h"
#include "base/text.h"

namespace pawl::daemon {

void read_jobs(const TomlNode& node, const std::string& folder, JobsConfig& jobs,
               std::vector<ConfigProblem>& problems) {
  TableReader reader(node, "jobs", problems);
  reader.text("directory", jobs.directory);
  jobs.directory = from_folder(folder, jobs.directory);
  reader.text("volume", jobs.volume);
  jobs.volume = from_folder(folder, jobs.volume);
  reader.positive_duration("keep_ended", jobs.keep_ended);
  reader.duration("grace", jobs.grace);
}

void read_slurm(const TomlNode& node, const std::string& folder, JobsConfig& jobs,
                std::vector<ConfigProblem>& problems) {
  TableReader reader(node, "slurm", problems);
  executors::SlurmOptions& slurm = jobs.slurm.emplace();
  reader.text("directory", slurm.directory);
  slurm.directory = from_folder(folder, slurm.directory);
  reader.text("partition", slurm.partition);
  reader.text("account", slurm.account);
  reader.texts("options", slurm.extra_options);
  reader.text("configuration", slurm.configuration);
  slurm.configuration = from_folder(folder, slurm.configuration);
  reader.positive_duration("poll_interval", slurm.poll_interval);
  reader.positive_duration("lost_after", slurm.lost_after);
}

void read_arrays(const TomlNode& node, JobsConfig& jobs, std::vector<ConfigProblem>& problems) {
  TableReader arrays(node, "arrays", problems);
  const TomlNode* table = arrays.table("accepted");
  if (table == nullptr) return;
  TableReader reader(*table, "arrays.accepted", problems);
  for (const std::string& rule : arrays::safety_rules()) {
    std::string reason = "not said";
    reader.text(rule, reason);
    if (trim(reason).empty()) reader.complain(rule, "must say why that is accepted");
    if (table->find(rule) != nullptr) jobs.accepted[rule] = reason;
  }
}

void fill_in_jobs(const std::string& data, JobsConfig& jobs) {
  if (jobs.directory.empty()) jobs.directory = data + "/jobs";
  // Nodes run elsewhere than we do.
  jobs.volume = jobs.volume.empty()
                    ? data + "/volume"
                    : std::filesystem::absolute(jobs.volume).lexically_normal().string();
  if (jobs.slurm && jobs.slurm->directory.empty())
    jobs.slurm->directory = jobs.directory + "/slurm";
}

}  // namespace pawl::daemon
