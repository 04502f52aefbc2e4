#include "arrays/node/checksum.h"
#include "arrays/run/ids.h"
#include "arrays/run/run_files.h"
#include "arrays/run/submissions.h"
#include "arrays/run/verbs.h"
#include "base/text.h"
#include "json/write.h"
#include "world/files.h"

namespace pawl::arrays {
namespace {

constexpr int64_t ids_of_small_runs = 1000, ids_where_none_are_asked = 200;

std::string lines_of(const std::vector<std::string>& ids, int64_t begin, int64_t end) {
  std::string lines;
  for (int64_t at = begin; at < end; ++at) lines += ids[at] + "\n";
  return lines;
}

// All of it is on the disk before run.json says that the run is there.
Result<void> write_run(const functions::Call& call, Run& run, const std::string& directory,
                       const std::vector<std::string>& ids) {
  for (int64_t node = 0; node < run.split.nodes; ++node) {
    if (call.cancellation.is_requested()) return Error(ErrorCode::cancelled, "init was stopped");
    const std::string lines = lines_of(ids, run.split.begin(node), run.split.begin(node + 1));
    TRY(write_piece({node_directory(directory, node)}, {std::string(ids_file), lines}));
  }
  const Piece all{std::string(all_ids_file), lines_of(ids, 0, run.split.ids)};
  run.ids_checksum = checksum(all.bytes);
  TRY(write_piece({directory}, all));
  TRY(sync_file_system(directory));
  return write_piece({directory, true}, {std::string(run_file), json::write_pretty(run.shown())});
}

Result<void> check_steps(const Services& services, const std::vector<Step>& steps) {
  const auto missing = TRY(services.missing_of(steps));
  if (missing.empty()) return {};
  return Error(ErrorCode::not_found, concat("missing: ", join(missing, ", ")),
               "`pawl arrays init` makes what the three steps need; others are yours to make.");
}

// A run of that name that has succeeded: results of both would lie beside each other.
Result<void> check_is_new(const Services& services, const Run& run) {
  const auto kept = TRY(RunBucket::find(services, run.bucket, run.name)).get(std::string(run_file));
  if (!kept && kept.error().code() == ErrorCode::not_found) return {};
  if (!kept) return kept.error();
  return Error(ErrorCode::conflict, concat("the bucket ", run.bucket, " has a run ", run.name),
               "Start the execution under another name.");
}

Result<Run> begin_run(const Services& services, functions::Call& call, const std::string& name) {
  const Request request = TRY(parse_request(call.event));
  const std::string seed = request.seed.empty() ? name : request.seed;
  const json::Value asked = call.event["ids"];
  const auto ids = TRY(
      ids_of(asked.is_null() ? ids_where_none_are_asked : asked, services.settings.volume, seed));
  Run run{.name = name,
          .execution_arn = call.execution_arn,
          .seed = seed,
          .bucket = request.bucket,
          .split = TRY(split_of(static_cast<int64_t>(ids.size()), request)),
          .layout = request.layout.value_or(ids.size() > ids_of_small_runs ? Layout::bundle
                                                                           : Layout::files),
          .steps = request.steps,
          .is_synced = request.is_synced,
          .is_checked = request.is_checked,
          .ids_checksum = {}};
  TRY(bucket_directory(services, run.bucket));
  TRY(check_is_new(services, run));
  TRY(check_steps(services, run.steps));
  TRY(write_run(call, run, run_directory(services, name), ids));
  return run;
}

}  // namespace

Result<json::Value> init(const Services& services, functions::Call& call) {
  if (call.execution_name.empty())
    return Error(ErrorCode::invalid_argument, "a run is begun by an execution and has its name");
  auto run = read_run(services, call.execution_name);
  if (!run && run.error().code() == ErrorCode::not_found)
    run = begin_run(services, call, call.execution_name);
  if (!run) return std::move(run).error();
  if (run->execution_arn != call.execution_arn)
    return Error(ErrorCode::conflict,
                 concat("the volume has a run ", run->name, " of ", run->execution_arn),
                 "Start the execution under another name.");
  const std::string results =
      concat(TRY(bucket_directory(services, run->bucket)), "/", escape(run->name));
  return json::Value::object(
      {{"run", run->name},
       {"total_nodes", run->split.nodes},
       {"ids", run->split.ids},
       {"bucket", run->bucket},
       {"publishes", publishes(run->steps)},
       {"seed", run->seed},
       {"layout", name(run->layout)},
       {"directory", run_directory(services, run->name)},
       {"jobs", submissions_of(*run, run_directory(services, run->name), results)}});
}

}  // namespace pawl::arrays
