#include "arrays/node/pieces.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "arrays/node/checksum.h"
#include "base/text.h"
#include "world/files.h"

namespace pawl::arrays {
namespace {

constexpr size_t checksum_size = 64;
// As those of buckets that are directories have.
constexpr mode_t file_mode = 0644, directory_mode = 0755;

Error failed(std::string_view what, const std::string& path) {
  return errno_error(concat(what, " ", path), errno);
}

// The name is one that a reader of buckets takes for what a crash has left.
Result<world::FileDescriptor> open_fresh(std::string& fresh) {
  const std::string pattern = fresh;
  world::FileDescriptor file(::mkostemps(fresh.data(), 4, O_CLOEXEC));
  if (file.is_open()) return file;
  if (errno != ENOENT) return failed("cannot write", fresh);
  TRY(world::make_directories(world::parent_directory(fresh), directory_mode));
  fresh = pattern;
  file = world::FileDescriptor(::mkostemps(fresh.data(), 4, O_CLOEXEC));
  if (!file.is_open()) return failed("cannot write", fresh);
  return file;
}

Result<void> fill(const world::FileDescriptor& file, const Shelf& shelf, const Piece& piece) {
  TRY(world::write_all(file, piece.bytes, piece.name));
  if (::fchmod(file.number(), file_mode) != 0) return failed("cannot set the mode of", piece.name);
  if (shelf.is_synced && ::fdatasync(file.number()) != 0) return failed("cannot sync", piece.name);
  return {};
}

// Of what is written here no name leads out of the directory; neither may one that is read.
bool is_safe(std::string_view name) {
  if (name.empty() || name.starts_with('/')) return false;
  for (const std::string_view part : split(name, '/'))
    if (part.empty() || part.starts_with('.')) return false;
  return true;
}

}  // namespace

Result<void> write_piece(const Shelf& shelf, const Piece& piece) {
  const std::string path = concat(shelf.directory, "/", piece.name);
  std::string fresh = path + ".XXXXXX.tmp";
  world::FileDescriptor file = TRY(open_fresh(fresh));
  auto written = fill(file, shelf, piece);
  file.close();
  if (written && ::rename(fresh.c_str(), path.c_str()) != 0) written = failed("cannot write", path);
  if (!written) {
    ::unlink(fresh.c_str());
    return written;
  }
  return shelf.is_synced ? world::sync_directory(world::parent_directory(path)) : Result<void>();
}

Result<void> write_pieces(const Shelf& shelf, std::string_view manifest,
                          const std::vector<Piece>& pieces) {
  std::string lines;
  for (const Piece& piece : pieces) {
    TRY(write_piece(shelf, piece));
    lines += concat(checksum(piece.bytes), "  ", piece.name, "\n");
  }
  return write_piece(shelf, {std::string(manifest), std::move(lines)});
}

Result<std::vector<Entry>> parse_manifest(std::string_view lines, const std::string& where) {
  std::vector<Entry> entries;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    if (line.size() == lines.size() || line.size() < checksum_size + 3 ||
        line.substr(checksum_size, 2) != "  " || !is_safe(line.substr(checksum_size + 2)))
      return Error(ErrorCode::corrupt, concat(where, " is no list of checksums"));
    entries.push_back(
        {std::string(line.substr(checksum_size + 2)), std::string(line.substr(0, checksum_size))});
    lines.remove_prefix(line.size() + 1);
  }
  return entries;
}

Result<std::vector<Entry>> read_manifest(const std::string& directory, std::string_view manifest) {
  const std::string path = concat(directory, "/", manifest);
  return parse_manifest(TRY(world::read_file(path)), path);
}

Result<Piece> read_piece(const std::string& directory, const Entry& entry) {
  const std::string path = concat(directory, "/", entry.name);
  auto bytes = world::read_file(path);
  if (!bytes && bytes.error().code() != ErrorCode::not_found) return std::move(bytes).error();
  if (!bytes || checksum(*bytes) != entry.checksum)
    return Error(ErrorCode::corrupt, concat(path, bytes ? " has another checksum" : " is missing"),
                 "Run the step that writes it again, and then those behind it.");
  return Piece{entry.name, *std::move(bytes)};
}

Result<std::vector<Piece>> read_pieces(const std::string& directory, std::string_view manifest) {
  std::vector<Piece> pieces;
  for (const Entry& entry : TRY(read_manifest(directory, manifest)))
    pieces.push_back(TRY(read_piece(directory, entry)));
  return pieces;
}

}  // namespace pawl::arrays
