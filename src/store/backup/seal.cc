#include "store/backup/seal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/hash.h"
#include "base/text.h"
#include "world/files.h"

namespace pawl::store {
namespace {

constexpr std::string_view beginning = "\npawl backup 1: sha256 ";
constexpr size_t hash_size = 64, length_size = 20;
constexpr size_t seal_size = beginning.size() + hash_size + 1 + length_size + 1;

std::string text_of(const Seal& seal) {
  std::string length = concat(seal.bytes);
  length.insert(0, length_size - length.size(), '0');
  return concat(beginning, seal.hash, " ", length, "\n");
}

Result<uint64_t> size_of(const std::string& path) {
  std::error_code error;
  const uint64_t bytes = std::filesystem::file_size(path, error);
  if (error) return errno_error(concat("cannot read ", path), error.value());
  return bytes;
}

Result<std::string> hash_of(const std::string& path, uint64_t count, const Progress& progress) {
  Sha256 hash;
  TRY(read_pieces(path, {.doing = "computing the SHA-256", .count = count}, progress,
                  [&](std::string_view piece) -> Result<void> {
                    hash.update(piece);
                    return {};
                  }));
  return hash.finish();
}

}  // namespace

Result<void> read_pieces(const std::string& path, const Pieces& pieces, const Progress& progress,
                         const TakePiece& take) {
  const auto file = TRY(world::open_file(path, O_RDONLY, "cannot read"));
  std::string buffer(1 << 20, '\0');
  for (uint64_t done = 0; done < pieces.count;) {
    TRY(tell(progress,
             {.what = pieces.doing, .done = done, .total = pieces.count, .unit = "bytes"}));
    const auto wanted = std::min<uint64_t>(buffer.size(), pieces.count - done);
    const ssize_t count = ::read(file.number(), buffer.data(), wanted);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno_error(concat("cannot read ", path), errno);
    if (count == 0) return Error(ErrorCode::corrupt, concat(path, " has become shorter"));
    TRY(take(std::string_view(buffer).substr(0, static_cast<size_t>(count))));
    done += static_cast<uint64_t>(count);
  }
  return {};
}

Result<Seal> add_seal(const std::string& path, const Progress& progress) {
  Seal seal{.bytes = TRY(size_of(path)), .hash = {}};
  seal.hash = TRY(hash_of(path, seal.bytes, progress));
  const auto file = TRY(world::open_file(path, O_WRONLY | O_APPEND, "cannot write"));
  TRY(world::write_all(file, text_of(seal), path));
  return seal;
}

Result<Seal> read_seal(const std::string& path) {
  const Error unsealed(ErrorCode::corrupt,
                       "does not end as a backup does: it was cut short, or is none",
                       "Take another backup.");
  const uint64_t bytes = TRY(size_of(path));
  if (bytes < seal_size) return unsealed;
  const auto file = TRY(world::open_file(path, O_RDONLY, "cannot read"));
  std::string text(seal_size, '\0');
  const uint64_t content = bytes - seal_size;
  if (::pread(file.number(), text.data(), text.size(), static_cast<off_t>(content)) !=
      static_cast<ssize_t>(seal_size)) {
    return errno_error(concat("cannot read ", path), errno);
  }
  const Seal seal{.bytes = content, .hash = text.substr(beginning.size(), hash_size)};
  if (text != text_of(seal)) return unsealed;
  return seal;
}

Result<void> verify_seal(const std::string& path, const Progress& progress) {
  const Seal seal = TRY(read_seal(path));
  if (TRY(hash_of(path, seal.bytes, progress)) == seal.hash) return {};
  return Error(ErrorCode::corrupt, "is not what was written: its SHA-256 is another",
               "Take another backup.");
}

}  // namespace pawl::store
