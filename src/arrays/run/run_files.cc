#include "arrays/run/run_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "arrays/node/checksum.h"
#include "arrays/node/node.h"
#include "base/text.h"
#include "world/files.h"

namespace pawl::arrays {
namespace {

constexpr uint64_t object_bytes_max = uint64_t{1} << 30;

Error error_of(const objects::Failure& failure, const std::string& what) {
  const bool is_missing = failure.code == "NoSuchKey" || failure.code == "NoSuchBucket";
  return Error(is_missing ? ErrorCode::not_found : ErrorCode::failed,
               concat(what, ": ", failure.code, ": ", failure.message));
}

Error no_bucket(const std::string& bucket) {
  return Error(ErrorCode::not_found, concat("there is no bucket ", bucket),
               concat("`pawl arrays init --bucket ", bucket, "` makes it."));
}

}  // namespace

std::string run_directory(const Services& services, const std::string& run) {
  return concat(services.settings.volume, "/", escape(run));
}

Result<std::string> bucket_directory(const Services& services, const std::string& bucket) {
  const objects::Settings& settings = services.bucket_settings;
  const auto own = settings.directories.find(bucket);
  std::string directory;
  if (own != settings.directories.end()) {
    directory = own->second;
  } else if (objects::is_bucket_name(bucket)) {
    directory = concat(settings.directory, "/", bucket);
  }
  // Nodes run elsewhere than we do.
  if (!directory.empty() && world::is_directory(directory))
    return std::filesystem::absolute(directory).lexically_normal().string();
  if (settings.s3.url.empty()) return no_bucket(bucket);
  return Error(ErrorCode::unsupported, concat("the bucket ", bucket, " is no directory"),
               "The egress worker writes into buckets that are directories of the volume's nodes.");
}

Result<RunBucket> RunBucket::find(const Services& services, const std::string& bucket,
                                  const std::string& run) {
  auto found = services.buckets.find(bucket);
  if (!found) return no_bucket(bucket);
  return RunBucket(*std::move(found), escape(run) + "/");
}

Result<std::string> RunBucket::get(const std::string& file) const {
  auto answer = bucket_->get(prefix_ + file, object_bytes_max);
  if (!answer) return error_of(answer.error(), prefix_ + file);
  return std::move(answer->bytes);
}

Result<void> RunBucket::put(const std::string& file, std::string_view bytes,
                            const std::string& content_type) const {
  const auto answer = bucket_->put(prefix_ + file, bytes, content_type);
  if (!answer) return error_of(answer.error(), prefix_ + file);
  return {};
}

Result<std::vector<Entry>> RunBucket::manifest(int64_t node) const {
  const std::string file = concat(node, "/", bucket_manifest);
  return parse_manifest(TRY(get(file)), prefix_ + file);
}

Result<std::string> RunBucket::get(int64_t node, const Entry& entry) const {
  const std::string file = concat(node, "/", entry.name);
  std::string bytes = TRY(get(file));
  if (checksum(bytes) != entry.checksum)
    return Error(ErrorCode::corrupt, concat(prefix_, file, " has another checksum"));
  return bytes;
}

Result<void> sync_file_system(const std::string& directory) {
  const auto opened = TRY(world::open_file(directory, O_RDONLY | O_DIRECTORY, "cannot open"));
  if (::syncfs(opened.number()) == 0) return {};
  return errno_error("cannot sync the file system of " + directory, errno);
}

Result<KeptRun> find_kept_run(const Services& services, const std::string& name) {
  const auto buckets = services.buckets.list();
  if (!buckets) return Error(ErrorCode::unavailable, buckets.error().message);
  for (const objects::Buckets::Named& each : *buckets) {
    auto bucket = RunBucket::find(services, each.name, name);
    if (!bucket) continue;
    if (const auto text = bucket->get(std::string(run_file)))
      return KeptRun{TRY(parse_run(*text)), *std::move(bucket)};
  }
  return Error(ErrorCode::not_found, concat("no bucket has a run ", name, " that has succeeded"),
               concat("`pawl arrays show ", name, "` says what became of it."));
}

Result<Run> read_run(const Services& services, const std::string& run) {
  const std::string path = concat(run_directory(services, run), "/", run_file);
  auto text = world::read_file(path);
  if (!text && text.error().code() == ErrorCode::not_found)
    return Error(ErrorCode::not_found, concat("the volume has no run ", run),
                 "Runs that have succeeded are cleaned up; their bucket has them.");
  if (!text) return std::move(text).error();
  return parse_run(*text);
}

Result<std::vector<std::string>> parse_all_ids(const Run& run, const std::string& lines) {
  auto ids = TRY(parse_ids(lines, concat(all_ids_file, " of run ", run.name)));
  if (checksum(lines) != run.ids_checksum || static_cast<int64_t>(ids.size()) != run.split.ids)
    return Error(ErrorCode::corrupt,
                 concat(all_ids_file, " of run ", run.name, " has another checksum"));
  return ids;
}

}  // namespace pawl::arrays
