#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/file_copy.h"
#include "postgres/manifest.h"

namespace pawl::restore {

// PostgreSQL's manifest does not list the files of pg_wal, so we keep a list of our own there,
// pg_wal/wal_manifest.json, where neither the server nor pg_verifybackup minds it:
//
//   {"files": [{"path": "000000010000000000000002", "size": 16777216, "crc32c": "0a1b2c3d"}, …]}
constexpr const char* wal_manifest_name = "wal_manifest.json";

// Reads every file of data_directory/pg_wal and writes the list, not synced.
Result<void> write_wal_manifest(const std::string& data_directory);

// The files of pg_wal that belong to the backup, with their checksums where the list is there.
// Errors: corrupt names a segment that the manifest or the list needs and that is missing.
Result<std::vector<postgres::FileToCopy>> wal_files(const std::string& data_directory,
                                                    const postgres::Manifest& manifest);

}  // namespace pawl::restore
