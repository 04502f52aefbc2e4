#pragma once

#include <memory>
#include <string>
#include <vector>

#include "arrays/node/pieces.h"
#include "arrays/run/run.h"
#include "arrays/services.h"

namespace pawl::arrays {

// <volume>/<run>
std::string run_directory(const Services& services, const std::string& run);
// Where a bucket is, for the workers: an absolute path. Errors: not_found; unsupported where it is
// at an endpoint.
Result<std::string> bucket_directory(const Services& services, const std::string& bucket);

// The objects of one run.
class RunBucket {
 public:
  static Result<RunBucket> find(const Services& services, const std::string& bucket,
                                const std::string& run);
  // Errors: not_found, failed.
  Result<std::string> get(const std::string& file) const;
  Result<void> put(const std::string& file, std::string_view bytes,
                   const std::string& content_type) const;
  // The entries of a node's manifest.
  Result<std::vector<Entry>> manifest(int64_t node) const;
  // One of them, its checksum compared. Error: corrupt.
  Result<std::string> get(int64_t node, const Entry& entry) const;

 private:
  RunBucket(std::unique_ptr<objects::Bucket> bucket, std::string prefix)
      : bucket_(std::move(bucket)), prefix_(std::move(prefix)) {}

  std::unique_ptr<objects::Bucket> bucket_;
  std::string prefix_;  // "<run>/"
};

// Everything that was written there is on the disk, of all who wrote: one call for ten thousand
// files.
Result<void> sync_file_system(const std::string& directory);

// A run that has succeeded, as its bucket has it, wherever that is. Errors: not_found, unavailable.
struct KeptRun {
  Run run;
  RunBucket bucket;
};
Result<KeptRun> find_kept_run(const Services& services, const std::string& name);

// As it is on the volume. Error: not_found.
Result<Run> read_run(const Services& services, const std::string& run);
// The ids of all nodes, in order. Error: corrupt.
Result<std::vector<std::string>> parse_all_ids(const Run& run, const std::string& lines);

}  // namespace pawl::arrays
