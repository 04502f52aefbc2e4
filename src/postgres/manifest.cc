#include "postgres/manifest.h"

#include <cstdio>
#include <ctime>

#include "base/hash.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::postgres {
namespace {

Error broken(std::string_view why) {
  return Error(ErrorCode::corrupt, concat("the backup manifest ", why));
}

std::string gmt(Instant instant) {
  const std::time_t time = std::chrono::system_clock::to_time_t(instant);
  std::tm parts;
  gmtime_r(&time, &parts);
  char text[40];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S GMT", &parts);
  return text;
}

Instant parse_gmt(std::string_view text) {
  std::tm parts{};
  if (strptime(std::string(text).c_str(), "%Y-%m-%d %H:%M:%S", &parts) == nullptr) return {};
  return Instant(seconds(timegm(&parts)));
}

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Paths that are not UTF-8 are written in hexadecimal under another name.
std::optional<std::string> decode_path(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string path;
  for (size_t at = 0; at < text.size(); at += 2) {
    const int high = nibble(text[at]), low = nibble(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    path += static_cast<char>(high << 4 | low);
  }
  return path;
}

// A manifest may come from elsewhere; nothing in it may lead out of the backup.
bool stays_inside(std::string_view path) {
  if (path.empty() || path.front() == '/') return false;
  for (std::string_view part : split(path, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return true;
}

Result<ManifestFile> file_of(const json::Value& value) {
  ManifestFile file;
  const auto encoded = value.string_at("Encoded-Path");
  const auto path = encoded ? decode_path(*encoded) : value.string_at("Path");
  const auto size = value.integer_at("Size");
  if (!path || !size || *size < 0) return broken("has a file without a path or size");
  if (!stays_inside(*path)) return broken(concat("names a file outside: ", *path));
  file.path = *path;
  file.size = static_cast<uint64_t>(*size);
  file.modified = parse_gmt(value.string_at("Last-Modified").value_or(""));
  file.algorithm = value.string_at("Checksum-Algorithm").value_or("");
  file.checksum = value.string_at("Checksum").value_or("");
  return file;
}

Result<WalRange> range_of(const json::Value& value) {
  WalRange range;
  range.timeline = static_cast<uint32_t>(value.integer_at("Timeline").value_or(0));
  range.start = TRY(parse_lsn(value.string_at("Start-LSN").value_or("")));
  range.end = TRY(parse_lsn(value.string_at("End-LSN").value_or("")));
  return range;
}

// The checksum is over everything before the line that holds it.
Result<void> check_own_checksum(std::string_view text, const json::Value& value) {
  const size_t last_line = text.rfind("\n\"Manifest-Checksum\"");
  if (last_line == text.npos) return broken("is cut short");
  const auto expected = value.string_at("Manifest-Checksum");
  const std::string actual = sha256(text.substr(0, last_line + 1));
  if (expected == actual) return {};
  return broken(concat("was changed: its checksum is ", actual, ", not ", expected.value_or("")));
}

}  // namespace

Result<Manifest> parse_manifest(std::string_view text) {
  const auto parsed = json::parse(text);
  if (!parsed) return broken(concat("cannot be read: ", parsed.error().message()));
  if (parsed->integer_at("PostgreSQL-Backup-Manifest-Version") != 1) {
    return broken("has a version that is not known here");
  }
  TRY(check_own_checksum(text, *parsed));
  Manifest manifest;
  const json::Value files = (*parsed)["Files"], ranges = (*parsed)["WAL-Ranges"];
  if (!files.is_array() || !ranges.is_array()) return broken("has no files or no WAL ranges");
  manifest.files.reserve(files.size());
  for (const json::Value& file : files.elements()) manifest.files.push_back(TRY(file_of(file)));
  for (const json::Value& range : ranges.elements()) manifest.wal.push_back(TRY(range_of(range)));
  return manifest;
}

std::string write_manifest(const Manifest& manifest) {
  std::string text = "{ \"PostgreSQL-Backup-Manifest-Version\": 1,\n\"Files\": [";
  std::string_view separator = "\n";
  for (const ManifestFile& file : manifest.files) {
    const bool plain = json::is_utf8(file.path);
    text += concat(separator, plain ? "{ \"Path\": " : "{ \"Encoded-Path\": ");
    json::append_string(text, plain ? file.path : hex(file.path));
    text += concat(", \"Size\": ", file.size, ", \"Last-Modified\": \"", gmt(file.modified), "\"");
    if (!file.algorithm.empty()) {
      text += concat(", \"Checksum-Algorithm\": \"", file.algorithm, "\", \"Checksum\": \"",
                     file.checksum, "\"");
    }
    text += " }";
    separator = ",\n";
  }
  text += "\n],\n\"WAL-Ranges\": [";
  separator = "\n";
  for (const WalRange& range : manifest.wal) {
    text += concat(separator, "{ \"Timeline\": ", range.timeline, ", \"Start-LSN\": \"",
                   format_lsn(range.start), "\", \"End-LSN\": \"", format_lsn(range.end), "\" }");
    separator = ",\n";
  }
  text += "\n],\n";
  return concat(text, "\"Manifest-Checksum\": \"", sha256(text), "\"}\n");
}

std::string manifest_crc32c(uint32_t crc) {
  const char bytes[4] = {static_cast<char>(crc), static_cast<char>(crc >> 8),
                         static_cast<char>(crc >> 16), static_cast<char>(crc >> 24)};
  return hex({bytes, 4});
}

std::optional<uint32_t> parse_manifest_crc32c(std::string_view text) {
  const auto bytes = decode_path(text);
  if (!bytes || bytes->size() != 4) return std::nullopt;
  uint32_t crc = 0;
  for (int at = 3; at >= 0; --at) crc = crc << 8 | static_cast<unsigned char>((*bytes)[at]);
  return crc;
}

}  // namespace pawl::postgres
