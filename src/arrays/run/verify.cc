#include "arrays/node/series.h"
#include "arrays/run/run_files.h"
#include "arrays/run/verbs.h"
#include "base/text.h"

namespace pawl::arrays {
namespace {

std::vector<Piece> expected_of(const Run& run, const std::vector<std::string>& ids, int64_t node) {
  std::vector<Piece> pieces;
  if (run.layout == Layout::bundle) pieces.push_back({bundle_name("results"), {}});
  for (int64_t at = run.split.begin(node); at < run.split.begin(node + 1); ++at) {
    const Series series = series_of(run.seed, node, ids[at]);
    if (run.layout == Layout::bundle) {
      pieces[0].bytes += open_line(series) + "\n";
    } else {
      pieces.push_back({file_name("results", ids[at]), open_document(series)});
    }
  }
  return pieces;
}

Result<uint64_t> verify_node(const KeptRun& kept, const std::vector<std::string>& ids,
                             int64_t node) {
  uint64_t bytes = 0;
  for (const Piece& piece : expected_of(kept.run, ids, node)) {
    const auto found = kept.bucket.get(concat(node, "/", piece.name));
    const char* fault = nullptr;
    if (!found && found.error().code() != ErrorCode::not_found) return found.error();
    if (!found) fault = " is missing";
    if (found && *found != piece.bytes) fault = " is not what follows from the seed";
    if (fault != nullptr)
      return Error(ErrorCode::corrupt, concat("node ", node, ": ", piece.name, fault));
    bytes += piece.bytes.size();
  }
  return bytes;
}

}  // namespace

Result<json::Value> verify(const Services& services, functions::Call& call) {
  const KeptRun kept = TRY(find_kept_run(services, TRY(run_name_of(call.event))));
  const Run& run = kept.run;
  const auto ids = TRY(parse_all_ids(run, TRY(kept.bucket.get(std::string(all_ids_file)))));
  uint64_t bytes = 0;
  for (int64_t node = 0; node < run.split.nodes; ++node) {
    if (call.cancellation.is_requested()) return Error(ErrorCode::cancelled, "verify was stopped");
    bytes += TRY(verify_node(kept, ids, node));
  }
  return json::Value::object({{"run", run.name},
                              {"bucket", run.bucket},
                              {"nodes", run.split.nodes},
                              {"ids", run.split.ids},
                              {"points", run.split.ids * points_per_id},
                              {"bytes", bytes}});
}

}  // namespace pawl::arrays
