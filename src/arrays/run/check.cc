#include <algorithm>
#include <set>

#include "arrays/run/run_files.h"
#include "arrays/run/verbs.h"
#include "base/text.h"
#include "json/write.h"
#include "world/files.h"

namespace pawl::arrays {
namespace {

using json::Value;

constexpr size_t nodes_told_max = 1000;

std::set<int64_t> failed_nodes(const std::vector<JobStanding>& jobs) {
  std::set<int64_t> nodes;
  for (const JobStanding& job : jobs)
    nodes.insert(job.failed_nodes.begin(), job.failed_nodes.end());
  return nodes;
}

std::string numbers(const std::set<int64_t>& nodes) {
  std::string text;
  size_t told = 0;
  for (const int64_t node : nodes) {
    if (told == nodes_told_max) return concat(text, " and ", nodes.size() - told, " more");
    text += concat(told++ == 0 ? "" : ", ", node);
  }
  return text;
}

// What failed, where, why, and what to do next.
Error of_failed(const Run& run, const std::vector<JobStanding>& jobs,
                const std::set<int64_t>& failed) {
  std::string what, commands;
  for (const JobStanding& job : jobs) {
    if (job.failed_by_themselves == 0) continue;
    what += concat("; ", job.name, ": ", job.failed_by_themselves, " of ", job.size, " (",
                   job.reason, ")");
    commands += concat("`pawl batch retry ", job.id, " --failed`, ");
  }
  const bool is_all = static_cast<int64_t>(failed.size()) >= run.split.nodes;
  return Error(ErrorCode::failed,
               concat(failed.size(), " of ", run.split.nodes, " nodes failed: ", numbers(failed),
                      what),
               concat(commands, "then `pawl execution redrive ", run.execution_arn, "`."))
      .with_kind(is_all ? "Arrays.Failed" : "Arrays.PartlyFailed");
}

Result<void> check_jobs(const Services& services, const Run& run) {
  const auto jobs = TRY(services.jobs_of(run_directory(services, run.name)));
  for (const JobStanding& job : jobs)
    if (!job.has_ended)
      return Error(ErrorCode::conflict, concat(job.name, " (", job.id, ") has not ended"))
          .with_kind("Arrays.StillRunning");
  const auto failed = failed_nodes(jobs);
  if (!failed.empty()) return of_failed(run, jobs, failed);
  return {};
}

// The ids that a bundle has, as JSON strings: every line begins with one.
Result<std::vector<std::string>> ids_of_bundle(std::string_view lines, const std::string& where) {
  constexpr std::string_view begin = "{\"id\":\"";
  std::vector<std::string> ids;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    size_t end = begin.size();
    while (end < line.size() && line[end] != '"') end += line[end] == '\\' ? 2 : 1;
    if (line.size() == lines.size() || !line.starts_with(begin) || end >= line.size())
      return Error(ErrorCode::corrupt, concat(where, " has a line that is no result of an id"));
    ids.emplace_back(line.substr(begin.size() - 1, end + 2 - begin.size()));
    lines.remove_prefix(line.size() + 1);
  }
  return ids;
}

// The results that a node should have and has, in a form in which they can be compared.
struct Results {
  std::vector<std::string> expected, found;
  uint64_t objects = 0, bytes = 0;
};

Result<Results> results_of(const Run& run, const RunBucket& bucket,
                           const std::vector<std::string>& ids, int64_t node) {
  Results results;
  for (int64_t at = run.split.begin(node); at < run.split.begin(node + 1); ++at) {
    std::string expected;
    if (run.layout == Layout::files) {
      expected = file_name("results", ids[at]);
    } else {
      json::append_string(expected, ids[at]);
    }
    results.expected.push_back(std::move(expected));
  }
  const auto manifest = bucket.manifest(node);
  if (!manifest && manifest.error().code() == ErrorCode::not_found)
    return Error(ErrorCode::corrupt,
                 concat("node ", node, " has no ", bucket_manifest, " in bucket ", run.bucket,
                        ", though its jobs succeeded"),
                 "The step egress writes it: `pawl-worker egress`, or what stands in its place.");
  for (const Entry& entry : TRY(manifest)) {
    const std::string bytes = TRY(bucket.get(node, entry));
    ++results.objects;
    results.bytes += bytes.size();
    if (run.layout == Layout::files) {
      results.found.push_back(entry.name);
    } else {
      const auto found = TRY(ids_of_bundle(bytes, concat("node ", node, ": ", entry.name)));
      results.found.insert(results.found.end(), found.begin(), found.end());
    }
  }
  return results;
}

Result<void> compare(Results& results, int64_t node) {
  std::sort(results.expected.begin(), results.expected.end());
  std::sort(results.found.begin(), results.found.end());
  if (results.expected == results.found) return {};
  std::vector<std::string> missing, strange;
  std::set_difference(results.expected.begin(), results.expected.end(), results.found.begin(),
                      results.found.end(), std::back_inserter(missing));
  std::set_difference(results.found.begin(), results.found.end(), results.expected.begin(),
                      results.expected.end(), std::back_inserter(strange));
  return Error(ErrorCode::corrupt,
               concat("node ", node, " has ", results.found.size(), " results for ",
                      results.expected.size(), " ids; ",
                      missing.empty() ? concat(strange.front(), " is one too many")
                                      : concat(missing.front(), " is missing")));
}

Result<void> conclude(const Services& services, const Run& run, const RunBucket& bucket,
                      const std::string& ids) {
  TRY(bucket.put(std::string(all_ids_file), ids, "text/csv"));
  TRY(sync_file_system(TRY(bucket_directory(services, run.bucket))));
  return bucket.put(std::string(run_file), json::write_pretty(run.shown()), "application/json");
}

Value report_of(const Run& run) {
  return Value::object({{"run", run.name},
                        {"status", "SUCCEEDED"},
                        {"nodes", run.split.nodes},
                        {"ids", run.split.ids},
                        {"checked", run.is_checked}});
}

// Where the results are, of which none was looked at.
Result<Value> report_unchecked(const Services& services, const Run& run) {
  if (!publishes(run.steps))
    return report_of(run).with("directory", run_directory(services, run.name));
  TRY(sync_file_system(TRY(bucket_directory(services, run.bucket))));
  return report_of(run).with("bucket", run.bucket);
}

}  // namespace

Result<Value> check(const Services& services, functions::Call& call) {
  const Run run = TRY(read_run(services, TRY(run_name_of(call.event))));
  TRY(check_jobs(services, run));
  if (!run.is_checked) return report_unchecked(services, run);
  const std::string lines = TRY(world::read_file(
      concat(run_directory(services, run.name), "/", all_ids_file), size_t{1} << 30));
  const auto ids = TRY(parse_all_ids(run, lines));
  const RunBucket bucket = TRY(RunBucket::find(services, run.bucket, run.name));
  uint64_t objects = 0, bytes = 0;
  for (int64_t node = 0; node < run.split.nodes; ++node) {
    if (call.cancellation.is_requested()) return Error(ErrorCode::cancelled, "check was stopped");
    Results results = TRY(results_of(run, bucket, ids, node));
    TRY(compare(results, node));
    objects += results.objects;
    bytes += results.bytes;
  }
  TRY(conclude(services, run, bucket, lines));
  return report_of(run).with("bucket", run.bucket).with("objects", objects).with("bytes", bytes);
}

}  // namespace pawl::arrays
