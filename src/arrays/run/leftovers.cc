#include "arrays/run/leftovers.h"

#include <filesystem>
#include <map>

#include "arrays/run/cleanup.h"
#include "arrays/run/run_files.h"
#include "base/text.h"
#include "world/files.h"

namespace pawl::arrays {
namespace {

// The runs that a directory has, by the names of their folders after the prefix. A folder whose
// run.json is of another name is no run's, and neither is a link.
Result<std::map<std::string, Run>> runs_in(const std::string& directory, std::string_view prefix) {
  std::map<std::string, Run> runs;
  if (!world::is_directory(directory)) return runs;
  for (const std::string& folder : TRY(world::list_directory(directory))) {
    if (!folder.starts_with(prefix)) continue;
    const std::string path = concat(directory, "/", folder);
    const auto text = world::read_file(concat(path, "/", run_file));
    if (!text || std::filesystem::is_symlink(path)) continue;
    auto run = parse_run(*text);
    if (run && escape(run->name) == folder.substr(prefix.size())) runs[folder] = *std::move(run);
  }
  return runs;
}

// Of those that are directories; whoever keeps the others need not be there.
Result<std::map<std::string, std::string>> directories_of_buckets(const Services& services) {
  const objects::Settings& settings = services.bucket_settings;
  std::map<std::string, std::string> directories = settings.directories;
  if (!world::is_directory(settings.directory)) return directories;
  for (const std::string& name : TRY(world::list_directory(settings.directory)))
    if (const auto directory = bucket_directory(services, name)) directories[name] = *directory;
  return directories;
}

// "0", "17": the folder of one of its nodes.
bool is_node_of(const Run& run, const std::string& name) {
  const auto node = parse_integer(name);
  return node && *node >= 0 && *node < run.split.nodes && concat(*node) == name;
}

Result<void> find_results(const Services& services, Leftover& found) {
  const auto bucket = bucket_directory(services, found.run.bucket);
  if (!bucket) return {};
  const std::string results = concat(*bucket, "/", escape(found.run.name));
  if (!world::is_directory(results) || std::filesystem::is_symlink(results)) return {};
  found.results = results;
  for (const std::string& name : TRY(world::list_directory(results)))
    if (is_node_of(found.run, name)) found.parts.push_back(concat(results, "/", name));
  for (const std::string_view name : {all_ids_file, run_file})
    if (const std::string path = concat(results, "/", name); world::exists(path))
      found.parts.push_back(path);
  return {};
}

Result<void> complete(const Services& services, Leftover& found) {
  const std::string& run = found.run.name;
  for (const std::string& directory :
       {run_directory(services, run), removed_directory(services, run)})
    if (world::exists(concat(directory, "/", run_file))) found.directory = directory;
  TRY(find_results(services, found));
  for (const JobStanding& job : TRY(services.jobs_of(run_directory(services, run)))) {
    std::string logs = concat(services.settings.log_directory, "/", job.id);
    if (world::exists(logs)) found.logs.push_back(std::move(logs));
  }
  found.open = TRY(why_open(services, found.run));
  return {};
}

}  // namespace

Result<std::string> why_open(const Services& services, const Run& run) {
  const std::string status = services.status_of(run.execution_arn);
  if (status.empty()) return std::string("its execution is not known to this server");
  if (status == "RUNNING") return std::string("its execution is RUNNING");
  for (const JobStanding& job : TRY(services.jobs_of(run_directory(services, run.name))))
    if (!job.has_ended) return concat("job ", job.name, " (", job.id, ") has not ended");
  return std::string();
}

Result<std::vector<Leftover>> find_leftovers(const Services& services) {
  std::map<std::string, Run> by_name;
  for (const std::string_view prefix : {std::string_view(), removed_prefix})
    for (auto& [folder, run] : TRY(runs_in(services.settings.volume, prefix)))
      by_name.emplace(run.name, run);
  for (const auto& [bucket, directory] : TRY(directories_of_buckets(services)))
    for (auto& [folder, run] : TRY(runs_in(directory, "")))
      if (run.bucket == bucket) by_name.emplace(run.name, run);
  std::vector<Leftover> leftovers;
  for (auto& [name, run] : by_name) {
    Leftover found{.run = run, .directory = {}, .results = {}, .parts = {}, .logs = {}, .open = {}};
    TRY(complete(services, found));
    leftovers.push_back(std::move(found));
  }
  return leftovers;
}

}  // namespace pawl::arrays
