#include "functions/processes/unpack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <zip.h>

#include <algorithm>
#include <memory>
#include <unordered_set>
#include <vector>

#include "base/text.h"
#include "base/utf8.h"
#include "world/files.h"

namespace pawl::functions::processes {
namespace {

// Beyond it, the path of the whole may be too long for the system; and each piece of a name is
// looked for whenever it comes.
constexpr size_t name_bytes_max = 1024, name_shown_max = 100;
constexpr size_t target_bytes_max = 4096, chunk_bytes = 64 << 10, block_bytes = 4096;
constexpr uint64_t reserved_bytes_max = 64 << 20;

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;
using OpenEntry = std::unique_ptr<zip_file_t, decltype(&zip_fclose)>;

Error broken(std::string_view why) {
  return Error(ErrorCode::invalid_argument, concat("the zip file cannot be read: ", why));
}

// The archive reads from `zip`, which is to outlive it. The library takes nothing at all for an
// archive that has no entries.
Result<Archive> open_archive(std::string_view zip) {
  if (zip.empty()) return Error(ErrorCode::invalid_argument, "this is no zip file: it is empty");
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(zip.data(), zip.size(), 0, &error);
  zip_t* archive = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr;
  if (!archive && source) zip_source_free(source);
  const std::string why = archive ? "" : zip_error_strerror(&error);
  zip_error_fini(&error);
  if (!archive) return Error(ErrorCode::invalid_argument, concat("this is no zip file: ", why));
  return Archive(archive, &zip_discard);
}

// What the archive says of an entry's mode; zero where it was made on a system that has none.
mode_t mode_of(zip_t* from, uint64_t index) {
  zip_uint8_t system = 0;
  zip_uint32_t attributes = 0;
  zip_file_get_external_attributes(from, index, 0, &system, &attributes);
  return system == ZIP_OPSYS_UNIX || system == ZIP_OPSYS_OS_X ? attributes >> 16 : 0;
}

Error refused(std::string_view entry, std::string_view why) {
  return Error(ErrorCode::invalid_argument,
               concat("the entry ", with_replacements(entry), " of the zip file ", why));
}

// The pieces of a path that stays where it begins.
Result<std::vector<std::string>> pieces_of(std::string_view path) {
  std::vector<std::string> pieces;
  if (path.size() > name_bytes_max)
    return refused(path.substr(0, name_shown_max), concat("… has a name of ", path.size(),
                                                          " bytes, and may have ", name_bytes_max));
  if (path.starts_with('/')) return refused(path, "has an absolute name");
  for (const std::string_view piece : split(path, '/')) {
    if (piece.empty() || piece == ".") continue;
    if (piece == "..") return refused(path, "leads out of it");
    pieces.emplace_back(piece);
  }
  return pieces;
}

// A target may climb only at its beginning, and not above the top. Links are made last, so that
// nothing is written through one, and what climbs begins in a real directory.
bool stays_inside(std::string_view target, size_t depth) {
  if (target.empty() || target.starts_with('/')) return false;
  bool may_climb = true;
  for (const std::string_view piece : split(target, '/')) {
    if (piece == ".." && (!may_climb || depth-- == 0)) return false;
    if (piece != "..") may_climb = false;
  }
  return true;
}

class Unpacking {
 public:
  Unpacking(zip_t* from, const std::string& directory, const MayGoOn& may_go_on)
      : from_(from), directory_(directory), may_go_on_(may_go_on) {}

  Result<uint64_t> run() {
    const uint64_t entries = zip_get_num_entries(from_, 0);
    if (entries > unpacked_files_max)
      return Error(ErrorCode::limit_exceeded, "the zip file has too many entries");
    for (uint64_t index = 0; index < entries; ++index) {
      const char* name = zip_get_name(from_, index, ZIP_FL_ENC_GUESS);
      if (name == nullptr) return broken(zip_strerror(from_));
      TRY(check(index, name));
      TRY(count_directories(name));
    }
    directories_.clear();
    TRY(check_room(taken_bytes_ + announced_bytes_, TRY(world::disk_space(directory_)),
                   directory_));
    for (uint64_t index = 0; index < entries; ++index) {
      TRY(may_go_on_());
      TRY(take(index, zip_get_name(from_, index, ZIP_FL_ENC_GUESS)));
    }
    for (const Link& link : links_)
      if (::symlink(link.target.c_str(), concat(directory_, "/", link.place).c_str()) != 0)
        return of_entry(link.place, errno_error("cannot make a link", errno));
    return bytes_;
  }

 private:
  struct Link {
    std::string target, place;
  };

  // What the name of an entry is to blame for is a fault of the zip file.
  static Error of_entry(std::string_view name, const Error& error) {
    if (error.code() == ErrorCode::already_exists) return refused(name, "has the name of another");
    return error.code() == ErrorCode::invalid_argument ? refused(name, "cannot be made") : error;
  }

  // What the library would refuse without a name, or take for something else.
  Result<void> check(uint64_t index, std::string_view name) {
    zip_stat_t found;
    if (zip_stat_index(from_, index, 0, &found) != 0) return broken(zip_strerror(from_));
    if (name.empty()) return refused("without a name", "cannot be made");
    if (found.encryption_method != ZIP_EM_NONE) return refused(name, "is encrypted");
    if (found.comp_method != ZIP_CM_STORE && found.comp_method != ZIP_CM_DEFLATE)
      return refused(name, concat("is compressed by method ", found.comp_method,
                                  ", and may be stored or deflated"));
    if (name.ends_with('/') && found.size > 0)
      return refused(name, "is named like a directory and holds data");
    if (found.size > unpacked_bytes_max) return too_large();
    announced_bytes_ += (found.size + block_bytes - 1) / block_bytes * block_bytes;
    return {};
  }

  // Those of an entry that no other one has named. Each takes room, and one entry makes many.
  Result<void> count_directories(std::string_view name) {
    std::string path = join(TRY(pieces_of(name)), "/");
    if (name.ends_with('/')) path += '/';
    for (size_t end = path.rfind('/'); end != path.npos; end = path.rfind('/')) {
      path.resize(end);
      if (!directories_.insert(path).second) break;
      TRY(count_bytes(block_bytes));
    }
    return {};
  }

  Result<void> take(uint64_t index, std::string_view name) {
    std::vector<std::string> pieces = TRY(pieces_of(name));
    if (pieces.empty()) return {};
    const mode_t mode = mode_of(from_, index);
    const bool is_directory = name.ends_with('/') || S_ISDIR(mode);
    const std::string place = join(pieces, "/");
    if (!is_directory) pieces.pop_back();
    if (const auto made = make_directories(pieces); !made) return of_entry(name, made.error());
    if (is_directory) return {};
    if (S_ISLNK(mode)) return note_link(index, place, pieces.size());
    if ((mode & S_IFMT) != 0 && !S_ISREG(mode))
      return refused(name, "is neither file, directory nor symbolic link");
    return write_file(index, name, mode & 0111 ? 0755 : 0644, concat(directory_, "/", place));
  }

  // Entries of one directory mostly come together.
  Result<void> make_directories(const std::vector<std::string>& pieces) {
    if (pieces == made_) return {};
    TRY(world::make_directories(concat(directory_, "/", join(pieces, "/")), 0755));
    made_ = pieces;
    return {};
  }

  Result<void> count_bytes(uint64_t count) {
    taken_bytes_ += count;
    return taken_bytes_ <= unpacked_bytes_max ? Result<void>() : too_large();
  }

  static Error too_large() {
    return Error(ErrorCode::limit_exceeded,
                 concat("Unzipped size must be smaller than ", unpacked_bytes_max, " bytes"));
  }

  // What an entry of a link holds is the link's target.
  Result<void> note_link(uint64_t index, const std::string& place, size_t depth) {
    std::string target;
    TRY(read(index, [&](std::string_view chunk) -> Result<void> {
      if (target.append(chunk).size() > target_bytes_max)
        return refused(place, "is a link with a target that is too long");
      return {};
    }));
    if (!stays_inside(target, depth)) return refused(place, "is a link that leads out of it");
    links_.push_back({target, place});
    return {};
  }

  Result<void> write_file(uint64_t index, std::string_view name, mode_t mode,
                          const std::string& path) {
    auto file =
        world::open_file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, "cannot unpack", mode);
    if (!file) return of_entry(name, file.error());
    zip_stat_t announced;
    if (zip_stat_index(from_, index, 0, &announced) != 0) return broken(zip_strerror(from_));
    uint64_t left = announced.size;
    return read(index, [&](std::string_view chunk) -> Result<void> {
      if (chunk.size() > left) return refused(name, "is larger than its directory says");
      left -= chunk.size();
      bytes_ += chunk.size();
      TRY(count_bytes(chunk.size()));
      return world::write_all(*file, chunk, path);
    });
  }

  // The checksum is held to what was read by the library, at the entry's end.
  template <typename Take>
  Result<void> read(uint64_t index, const Take& take) {
    const OpenEntry entry(zip_fopen_index(from_, index, 0), &zip_fclose);
    if (!entry) return broken(zip_strerror(from_));
    chunk_.resize(chunk_bytes);
    for (;;) {
      const int64_t count = zip_fread(entry.get(), chunk_.data(), chunk_.size());
      if (count == 0) return {};
      if (count < 0) return broken(zip_file_strerror(entry.get()));
      TRY(take(std::string_view(chunk_.data(), count)));
    }
  }

  zip_t* from_;
  const std::string& directory_;
  const MayGoOn& may_go_on_;
  std::vector<std::string> made_;  // the directory that was made last, by pieces
  std::vector<Link> links_;
  std::vector<char> chunk_;
  uint64_t bytes_ = 0, taken_bytes_ = 0;
  uint64_t announced_bytes_ = 0;  // by the zip file's directory, in whole blocks
  std::unordered_set<std::string> directories_;
};

}  // namespace

Result<void> check_room(uint64_t bytes, const world::DiskSpace& space,
                        const std::string& directory) {
  const uint64_t reserved = std::min(reserved_bytes_max, space.whole / 20);
  if (bytes <= space.free && space.free - bytes >= reserved) return {};
  return Error(ErrorCode::out_of_space,
               concat("not enough space to unpack the zip file: ", format_bytes(bytes),
                      " are needed in ", directory, ", ", format_bytes(space.free),
                      " are free, and ", format_bytes(reserved), " of them are kept free"),
               "Delete functions that nobody needs, or have a bigger disk, and ask again.")
      .with_kind("CodeStorageExceededException");
}

Result<uint64_t> unpack(std::string_view zip, const std::string& directory,
                        const MayGoOn& may_go_on) {
  const Archive from = TRY(open_archive(zip));
  const uint64_t bytes = TRY(Unpacking(from.get(), directory, may_go_on).run());
  const auto file = TRY(world::open_file(directory, O_RDONLY | O_DIRECTORY, "cannot sync"));
  if (::syncfs(file.number()) != 0) return errno_error(concat("cannot sync ", directory), errno);
  return bytes;
}

}  // namespace pawl::functions::processes
