#include "restore/snapshots/wal_manifest.h"

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "postgres/data_directory.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

using postgres::FileToCopy;

// A segment is 1 GB at most.
constexpr size_t segment_bytes_max = size_t{1} << 30;

Error missing(const std::string& directory, std::string_view segment) {
  return Error(ErrorCode::corrupt,
               concat("WAL segment ", segment, " is missing in ", directory, "/pg_wal"));
}

Result<std::vector<FileToCopy>> listed_files(const std::string& directory) {
  const std::string path = concat(directory, "/pg_wal/", wal_manifest_name);
  const auto parsed = json::parse(TRY(world::read_file(path)));
  if (!parsed) return Error(ErrorCode::corrupt, concat(path, " cannot be read"));
  const json::Value list = (*parsed)["files"];
  if (!list.is_array()) return Error(ErrorCode::corrupt, concat(path, " has no files"));
  std::vector<FileToCopy> files;
  for (const json::Value& entry : list.elements()) {
    FileToCopy file;
    const std::string name = entry.string_at("path").value_or("");
    if (name.empty() || name.find('/') != name.npos) {
      return Error(ErrorCode::corrupt, concat(path, " names no file: ", name));
    }
    if (!world::exists(concat(directory, "/pg_wal/", name))) return missing(directory, name);
    file.path = "pg_wal/" + name;
    file.size = static_cast<uint64_t>(entry.integer_at("size").value_or(0));
    file.algorithm = "CRC32C";
    file.checksum = entry.string_at("crc32c").value_or("");
    files.push_back(std::move(file));
  }
  return files;
}

// The size of the segments that are there; they all have the same.
uint64_t segment_bytes_of(const std::vector<FileToCopy>& files) {
  for (const FileToCopy& file : files) {
    if (postgres::is_segment_name(file.path.substr(file.path.rfind('/') + 1))) return file.size;
  }
  return 16 << 20;
}

Result<void> check_ranges(const std::string& directory, const postgres::Manifest& manifest,
                          const std::vector<FileToCopy>& files) {
  const uint64_t bytes = segment_bytes_of(files);
  std::set<std::string> names;
  for (const FileToCopy& file : files) names.insert(file.path.substr(file.path.rfind('/') + 1));
  for (const postgres::WalRange& range : manifest.wal) {
    for (postgres::Lsn at = range.start / bytes * bytes; at < range.end; at += bytes) {
      const std::string segment = postgres::segment_name(range.timeline, at, bytes);
      if (!names.contains(segment)) return missing(directory, segment);
    }
  }
  return {};
}

Result<std::vector<FileToCopy>> files_there(const std::string& directory) {
  std::vector<FileToCopy> files;
  for (FileToCopy& file : TRY(postgres::list_tree(directory + "/pg_wal")).files) {
    if (file.path == wal_manifest_name || file.path.find('/') != file.path.npos) continue;
    file.path = "pg_wal/" + file.path;
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace

Result<void> write_wal_manifest(const std::string& data_directory) {
  json::Value::Array entries;
  for (const FileToCopy& file : TRY(files_there(data_directory))) {
    const std::string bytes =
        TRY(world::read_file(concat(data_directory, "/", file.path), segment_bytes_max));
    entries.push_back(
        json::Value::object({{"path", file.path.substr(std::string_view("pg_wal/").size())},
                             {"size", bytes.size()},
                             {"crc32c", postgres::manifest_crc32c(crc32c(bytes))}}));
  }
  const json::Value list = json::Value::object({{"files", json::Value(std::move(entries))}});
  return world::write_file_atomically(concat(data_directory, "/pg_wal/", wal_manifest_name),
                                      json::write(list) + "\n", 0600);
}

Result<std::vector<FileToCopy>> wal_files(const std::string& data_directory,
                                          const postgres::Manifest& manifest) {
  const bool has_list = world::exists(concat(data_directory, "/pg_wal/", wal_manifest_name));
  auto files = has_list ? TRY(listed_files(data_directory)) : TRY(files_there(data_directory));
  TRY(check_ranges(data_directory, manifest, files));
  if (has_list) {
    FileToCopy list;
    list.path = concat("pg_wal/", wal_manifest_name);
    list.size = TRY(world::read_file(concat(data_directory, "/", list.path))).size();
    files.push_back(std::move(list));
  }
  return files;
}

}  // namespace pawl::restore
