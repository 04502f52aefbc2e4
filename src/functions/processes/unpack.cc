#include "functions/processes/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <memory>
#include <vector>

#include "base/text.h"
#include "base/utf8.h"
#include "world/files.h"

namespace pawl::functions::processes {
namespace {

// Beyond it, the path of the whole may be too long for the system; and each piece of a name is
// looked for whenever it comes.
constexpr size_t name_bytes_max = 1024, name_shown_max = 100;

using Archive = std::unique_ptr<archive, decltype(&archive_read_free)>;

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
  Unpacking(archive* from, const std::string& directory) : from_(from), directory_(directory) {}

  Result<uint64_t> run() {
    archive_entry* entry = nullptr;
    for (;;) {
      const int status = archive_read_next_header(from_, &entry);
      if (status == ARCHIVE_EOF) break;
      if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return broken();
      if (++files_ > unpacked_files_max)
        return Error(ErrorCode::limit_exceeded, "the zip file has too many entries");
      const char* name = archive_entry_pathname(entry);
      if (name == nullptr) return Error(ErrorCode::invalid_argument, "an entry has no name");
      TRY(take(name, entry));
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

  Error broken() const {
    const char* why = archive_error_string(from_);
    return Error(ErrorCode::invalid_argument,
                 concat("the zip file cannot be read: ", why ? why : "it is damaged"));
  }

  Result<void> take(const char* name, archive_entry* entry) {
    std::vector<std::string> pieces = TRY(pieces_of(name));
    if (pieces.empty()) return {};
    const auto type = archive_entry_filetype(entry);
    const std::string place = join(pieces, "/");
    if (type != AE_IFDIR) pieces.pop_back();
    if (const auto made = make_directories(pieces); !made) return of_entry(name, made.error());
    if (type == AE_IFDIR) return {};
    if (type == AE_IFLNK) return note_link(entry, place, pieces.size());
    if (type != AE_IFREG || archive_entry_hardlink(entry))
      return refused(name, "is neither file, directory nor symbolic link");
    const mode_t mode = archive_entry_perm(entry) & 0111 ? 0755 : 0644;
    const std::string path = concat(directory_, "/", place);
    auto file =
        world::open_file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, "cannot unpack", mode);
    if (!file) return of_entry(name, file.error());
    return write_file(*file, path);
  }

  // Entries of one directory mostly come together.
  Result<void> make_directories(const std::vector<std::string>& pieces) {
    if (pieces == made_) return {};
    TRY(world::make_directories(concat(directory_, "/", join(pieces, "/")), 0755));
    made_ = pieces;
    return {};
  }

  Result<void> note_link(archive_entry* entry, const std::string& place, size_t depth) {
    const char* target = archive_entry_symlink(entry);
    if (!target || !stays_inside(target, depth))
      return refused(place, "is a link that leads out of it");
    links_.push_back({target, place});
    return {};
  }

  Result<void> write_file(const world::FileDescriptor& file, const std::string& path) {
    std::vector<char> chunk(64 << 10);
    for (;;) {
      const auto count = archive_read_data(from_, chunk.data(), chunk.size());
      if (count == 0) return {};
      if (count < 0) return broken();
      bytes_ += count;
      if (bytes_ > unpacked_bytes_max)
        return Error(ErrorCode::limit_exceeded,
                     concat("Unzipped size must be smaller than ", unpacked_bytes_max, " bytes"));
      TRY(world::write_all(file, std::string_view(chunk.data(), count), path));
    }
  }

  archive* from_;
  const std::string& directory_;
  std::vector<std::string> made_;  // the directory that was made last, by pieces
  std::vector<Link> links_;
  uint64_t bytes_ = 0;
  size_t files_ = 0;
};

}  // namespace

Result<uint64_t> unpack(std::string_view zip, const std::string& directory) {
  const Archive from(archive_read_new(), &archive_read_free);
  archive_read_support_format_zip_seekable(from.get());
  if (archive_read_open_memory(from.get(), zip.data(), zip.size()) != ARCHIVE_OK)
    return Error(ErrorCode::invalid_argument, "this is no zip file");
  const uint64_t bytes = TRY(Unpacking(from.get(), directory).run());
  const auto file = TRY(world::open_file(directory, O_RDONLY | O_DIRECTORY, "cannot sync"));
  if (::syncfs(file.number()) != 0) return errno_error(concat("cannot sync ", directory), errno);
  return bytes;
}

}  // namespace pawl::functions::processes
