#include "objects/file_bucket.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <filesystem>

#include "base/text.h"
#include "http/server.h"
#include "world/files.h"

namespace pawl::objects {
namespace {

namespace fs = std::filesystem;

constexpr mode_t file_mode = 0644, directory_mode = 0755;
constexpr size_t key_bytes_max = 1024;
constexpr std::string_view empty_piece = "%";

// A file is written under its name and this, then renamed.
constexpr size_t suffix_size = std::string_view(".XXXXXX.tmp").size();
constexpr size_t piece_bytes_max = NAME_MAX - suffix_size;

// Where the directory lies is nothing for those who call.
Failure of_error(const Error& error, const std::string& directory) {
  const bool is_full = error.code() == ErrorCode::out_of_space;
  const std::string text =
      replace_all(replace_all(error.text(), directory + "/", ""), directory, "the bucket");
  return {is_full ? "InsufficientStorage" : "InternalError", text, is_full ? 507 : 500};
}

Failure conflict(std::string message) { return {"KeyConflict", std::move(message), 409}; }

size_t longest_piece(std::string_view path) {
  size_t longest = 0;
  for (const std::string_view piece : split(path, '/')) longest = std::max(longest, piece.size());
  return longest;
}

// Whether a directory itself is there, and not a link to one.
bool is_real_directory(const std::string& path) {
  struct stat known {};
  return lstat(path.c_str(), &known) == 0 && S_ISDIR(known.st_mode);
}

std::string path_of_piece(std::string_view piece) {
  if (piece.empty()) return std::string(empty_piece);
  std::string path = replace_all(piece, "%", "%25");
  path = replace_all(path, std::string_view("\0", 1), "%00");
  // Hidden names are the directory's own business, and ".." would lead out of it.
  if (path.starts_with('.')) path = "%2E" + path.substr(1);
  return path;
}

// What a crash has left of an atomic write: "<name>.XXXXXX.tmp".
bool is_left_over(std::string_view name) {
  return name.size() > suffix_size && name.ends_with(".tmp") &&
         name[name.size() - suffix_size] == '.';
}

// No digest, but another one whenever the file is another one.
std::string etag_of(const struct stat& known) {
  const auto moment =
      static_cast<int64_t>(known.st_mtim.tv_sec) * 1'000'000'000 + known.st_mtim.tv_nsec;
  return concat("\"", known.st_ino, "-", moment, "-", known.st_size, "\"");
}

std::optional<Object> object_at(const std::string& path, std::string key) {
  struct stat known {};
  if (stat(path.c_str(), &known) != 0 || !S_ISREG(known.st_mode)) return std::nullopt;
  return Object{
      .key = std::move(key),
      .bytes = static_cast<uint64_t>(known.st_size),
      .modified = Instant(seconds(known.st_mtim.tv_sec) + Duration(known.st_mtim.tv_nsec / 1000)),
      .etag = etag_of(known)};
}

json::Value::Object members_of(const Object& object) {
  return {{"AcceptRanges", "bytes"},
          {"ContentLength", object.bytes},
          {"ContentType", "binary/octet-stream"},
          {"ETag", object.etag},
          {"LastModified", format_instant(object.modified)},
          {"Metadata", json::Value::object()}};
}

// Nothing where it cannot be read; shorter where the file is.
std::optional<std::string> read_at(const world::FileDescriptor& file, Span span) {
  std::string bytes(span.bytes_max, '\0');
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = pread(file.number(), bytes.data() + done, bytes.size() - done,
                                static_cast<off_t>(span.offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::nullopt;
    if (count == 0) break;
    done += static_cast<size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

// All keys below the directory. Links are followed to files, never to directories.
Outcome<std::vector<std::string>> keys_below(const std::string& directory) {
  std::error_code error;
  fs::recursive_directory_iterator entry(directory, error);
  std::vector<std::string> keys;
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code unreadable;
    const bool is_folder = entry->is_directory(unreadable);
    if (name.starts_with('.')) {
      if (is_folder) entry.disable_recursion_pending();
      continue;
    }
    if (is_folder || is_left_over(name)) continue;
    keys.push_back(key_of_path(entry->path().lexically_relative(directory).string()));
  }
  if (error) return Failure{"InternalError", "cannot list the bucket", 500};
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace

Failure no_such_bucket() { return {"NoSuchBucket", "The specified bucket does not exist", 404}; }

Failure no_such_key() { return {"NoSuchKey", "The specified key does not exist.", 404}; }

std::string path_of_key(std::string_view key) {
  std::vector<std::string> pieces;
  for (const std::string_view piece : split(key, '/')) pieces.push_back(path_of_piece(piece));
  // A listing leaves out what a crash has left, so no object may have such a name.
  std::string& name = pieces.back();
  if (is_left_over(name)) name.replace(name.size() - 4, 1, "%2E");
  return join(pieces, "/");
}

std::string key_of_path(std::string_view path) {
  std::vector<std::string> pieces;
  for (const std::string_view piece : split(path, '/'))
    pieces.push_back(piece == empty_piece ? std::string() : http::decode_percent(piece));
  return join(pieces, "/");
}

Outcome<std::string> FileBucket::path_of(const std::string& key) const {
  if (key.size() > key_bytes_max) return Failure{"KeyTooLongError", "Your key is too long", 400};
  if (key.empty()) return Failure{"InvalidRequest", "the key is empty", 400};
  return concat(directory_, "/", path_of_key(key));
}

std::optional<std::string> FileBucket::obstacle(const std::string& key) const {
  const std::string path = path_of_key(key);
  for (size_t slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
    const std::string folder = concat(directory_, "/", path.substr(0, slash));
    if (is_real_directory(folder)) continue;
    if (!world::exists(folder)) break;
    return key_of_path(path.substr(0, slash));
  }
  return std::nullopt;
}

Outcome<Object> FileBucket::find(const std::string& key) const {
  const std::string path = TRY(path_of(key));
  auto object = obstacle(key) ? std::nullopt : object_at(path, key);
  if (!object) return no_such_key();
  return *std::move(object);
}

Outcome<bool> FileBucket::check_free(const std::string& key) const {
  const std::string path = TRY(path_of(key));
  if (longest_piece(path_of_key(key)) > piece_bytes_max)
    return Failure{
        "KeyTooLongError",
        concat("A piece of the key has more than ", piece_bytes_max, " bytes as a file's name"),
        400};
  if (const auto before = obstacle(key))
    return conflict(concat("'", *before, "' is no folder, so no object can lie below it"));
  if (is_real_directory(path)) return conflict(concat("'", key, "' is a folder of other keys"));
  return true;
}

Outcome<Answer> FileBucket::get(const std::string& key, uint64_t bytes_max) {
  const Object object = TRY(find(key));
  if (object.bytes > bytes_max)
    return Failure{
        "EntityTooLarge",
        concat("The object has ", object.bytes, " bytes, more than the limit of ", bytes_max), 400};
  auto bytes = world::read_file(TRY(path_of(key)), bytes_max);
  if (!bytes) return of_error(bytes.error(), directory_);
  return Answer{members_of(object), *std::move(bytes)};
}

Outcome<Piece> FileBucket::get_piece(const std::string& key, Span span) {
  TRY(find(key));
  const std::string path = TRY(path_of(key));
  const auto file = world::open_file(path, O_RDONLY, "cannot read");
  struct stat known {};
  if (!file || fstat(file->number(), &known) != 0) return no_such_key();
  const auto size = static_cast<uint64_t>(known.st_size);
  const uint64_t begin = std::min(span.offset, size);
  auto bytes = read_at(*file, {begin, std::min(span.bytes_max, size - begin)});
  if (!bytes) return Failure{"InternalError", "cannot read the object", 500};
  return Piece{*std::move(bytes), size, etag_of(known)};
}

Outcome<Answer> FileBucket::head(const std::string& key) {
  return Answer{members_of(TRY(find(key))), {}};
}

Outcome<Answer> FileBucket::put(const std::string& key, std::string_view bytes,
                                const std::string&) {
  const std::string path = TRY(path_of(key));
  TRY(check_free(key));
  const auto made = world::make_directories(world::parent_directory(path), directory_mode);
  if (!made) return of_error(made.error(), directory_);
  const auto written = world::write_file_atomically(path, bytes, file_mode);
  if (!written) return of_error(written.error(), directory_);
  const auto object = object_at(path, key);
  return Answer{{{"ETag", object ? object->etag : ""}}, {}};
}

Outcome<Answer> FileBucket::remove(const std::string& key) {
  const std::string path = TRY(path_of(key));
  const bool is_nothing =
      longest_piece(path_of_key(key)) > NAME_MAX || obstacle(key) || is_real_directory(path);
  if (is_nothing) return Answer{};
  const auto removed = world::remove_file(path);
  if (!removed) return of_error(removed.error(), directory_);
  return Answer{};
}

Outcome<Listing> FileBucket::list(const ListRequest& request) {
  Listing listing;
  for (std::string& key : TRY(keys_below(directory_))) {
    if (!key.starts_with(request.prefix)) continue;
    const size_t cut =
        request.delimiter.empty() ? key.npos : key.find(request.delimiter, request.prefix.size());
    const bool is_common = cut != key.npos;
    if (is_common) key.resize(cut + request.delimiter.size());
    if (key <= request.after) continue;
    if (is_common && !listing.prefixes.empty() && listing.prefixes.back() == key) continue;
    if (listing.objects.size() + listing.prefixes.size() >= request.most) {
      listing.is_truncated = true;
      break;
    }
    if (is_common) {
      listing.prefixes.push_back(std::move(key));
    } else if (auto object = object_at(concat(directory_, "/", path_of_key(key)), key)) {
      listing.objects.push_back(*std::move(object));
    }
  }
  return listing;
}

}  // namespace pawl::objects
