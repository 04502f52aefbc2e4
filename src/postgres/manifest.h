#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "postgres/control_data.h"

namespace pawl::postgres {

struct ManifestFile {
  std::string path;  // relative to the data directory
  uint64_t size = 0;
  Instant modified{};
  std::string algorithm;  // "CRC32C", "SHA256", …; empty: none
  std::string checksum;   // hexadecimal, as the manifest has it
};

struct WalRange {
  uint32_t timeline = 1;
  Lsn start = 0, end = 0;
};

// PostgreSQL's backup_manifest: every file of a base backup except pg_wal, its size and checksum,
// the WAL that is needed, and at the end a SHA-256 of the manifest itself.
struct Manifest {
  std::vector<ManifestFile> files;
  std::vector<WalRange> wal;
};

// Error: corrupt where the text is no manifest or not the one that was written.
Result<Manifest> parse_manifest(std::string_view text);
std::string write_manifest(const Manifest& manifest);

// A CRC-32C as a manifest writes it: its four bytes in the order of a little-endian machine.
std::string manifest_crc32c(uint32_t crc);
std::optional<uint32_t> parse_manifest_crc32c(std::string_view text);

}  // namespace pawl::postgres
