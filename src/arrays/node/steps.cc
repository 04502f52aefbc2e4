#include "arrays/node/node.h"
#include "arrays/node/pieces.h"
#include "arrays/node/series.h"
#include "base/text.h"
#include "world/files.h"

namespace pawl::arrays {
namespace {

std::string directory_of(const Node& node) {
  return node_directory(node.run_directory, node.index);
}

Error no_series(const std::string& where) {
  return Error(ErrorCode::corrupt, concat(where, " is no series of values"));
}

Result<std::string> open_lines(const Piece& data) {
  std::string lines;
  std::string_view rest = data.bytes;
  for (int64_t number = 1; !rest.empty(); ++number) {
    const size_t end = rest.find('\n');
    const auto series = parse_value_line(rest.substr(0, end));
    if (!series || end == rest.npos) return no_series(concat(data.name, ", line ", number));
    lines += open_line(*series) + "\n";
    rest.remove_prefix(end + 1);
  }
  return lines;
}

// "results/17.json" for "data/17.json".
Result<Piece> processed(const Piece& data) {
  const std::string name = "results" + data.name.substr(std::string_view("data").size());
  if (data.name == bundle_name("data")) return Piece{name, TRY(open_lines(data))};
  const auto series = parse_value_document(data.bytes);
  if (!series) return no_series(data.name);
  return Piece{name, open_document(*series)};
}

}  // namespace

Result<std::vector<std::string>> parse_ids(std::string_view lines, const std::string& where) {
  std::vector<std::string> ids;
  while (!lines.empty()) {
    const size_t end = lines.find('\n');
    if (end == lines.npos) return Error(ErrorCode::corrupt, concat(where, " ends in a torn line"));
    if (end == 0) return Error(ErrorCode::corrupt, concat(where, " has an empty line"));
    ids.emplace_back(lines.substr(0, end));
    lines.remove_prefix(end + 1);
  }
  return ids;
}

Result<void> procure(const Node& node) {
  const std::string directory = directory_of(node);
  const std::string ids_path = concat(directory, "/", ids_file);
  const auto ids = TRY(parse_ids(TRY(world::read_file(ids_path)), ids_path));
  std::vector<Piece> pieces;
  if (node.layout == Layout::bundle) pieces.push_back({bundle_name("data"), {}});
  for (const std::string& id : ids) {
    const Series series = series_of(node.seed, node.index, id);
    if (node.layout == Layout::bundle) {
      pieces[0].bytes += value_line(series) + "\n";
    } else {
      pieces.push_back({file_name("data", id), value_document(series)});
    }
  }
  return write_pieces({directory, node.is_synced}, data_manifest, pieces);
}

Result<void> process(const Node& node) {
  const std::string directory = directory_of(node);
  std::vector<Piece> results;
  for (const Piece& data : TRY(read_pieces(directory, data_manifest))) {
    if (!data.name.starts_with("data")) return no_series(data.name);
    results.push_back(TRY(processed(data)));
  }
  return write_pieces({directory, node.is_synced}, results_manifest, results);
}

Result<void> egress(const Node& node) {
  const auto results = TRY(read_pieces(directory_of(node), results_manifest));
  const Shelf bucket{node_directory(node.bucket_directory, node.index), node.is_synced};
  return write_pieces(bucket, bucket_manifest, results);
}

}  // namespace pawl::arrays
