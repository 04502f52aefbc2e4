#include "objects/buckets.h"

#include <sys/stat.h>

#include <algorithm>

#include "base/text.h"
#include "objects/file_bucket.h"
#include "objects/xml.h"
#include "world/files.h"

namespace pawl::objects {
namespace {

constexpr mode_t directory_mode = 0755;
constexpr size_t name_max = 63;

Instant changed(const std::string& directory) {
  struct stat known {};
  if (stat(directory.c_str(), &known) != 0) return {};
  return Instant(seconds(known.st_mtim.tv_sec));
}

}  // namespace

bool is_bucket_name(std::string_view name) {
  const auto is_letter = [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
  };
  const bool fits = name.size() >= 3 && name.size() <= name_max && is_letter(name.front()) &&
                    is_letter(name.back()) && name.find("..") == name.npos;
  return fits && std::all_of(name.begin(), name.end(), [&](char byte) {
           return is_letter(byte) || byte == '-' || byte == '.';
         });
}

Outcome<std::unique_ptr<Bucket>> Buckets::find(const std::string& name) const {
  const auto own = settings_.directories.find(name);
  std::string directory;
  if (own != settings_.directories.end()) {
    directory = own->second;
  } else if (!settings_.directory.empty() && is_bucket_name(name)) {
    directory = concat(settings_.directory, "/", name);
  }
  if (!directory.empty() && world::is_directory(directory))
    return std::unique_ptr<Bucket>(std::make_unique<FileBucket>(directory));
  if (settings_.s3.url.empty() || name.empty()) return no_such_bucket();
  return std::unique_ptr<Bucket>(std::make_unique<S3Bucket>(settings_.s3, name));
}

Outcome<std::vector<Buckets::Named>> Buckets::list() const {
  std::map<std::string, Instant> found;
  for (const auto& [name, directory] : settings_.directories)
    if (world::is_directory(directory)) found[name] = changed(directory);
  if (const auto folders = world::list_directory(settings_.directory))
    for (const std::string& name : *folders)
      if (is_bucket_name(name)) found.emplace(name, changed(settings_.directory + "/" + name));
  if (!settings_.s3.url.empty()) {
    const auto response = TRY(ask(settings_.s3, {.method = "GET", .path = "/"}));
    const auto root = parse_xml(response.body);
    const Element* buckets = root ? root->find("Buckets") : nullptr;
    if (buckets != nullptr)
      for (const Element& bucket : buckets->children)
        found.emplace(bucket.text_of("Name"),
                      parse_instant(bucket.text_of("CreationDate")).value_or(Instant()));
  }
  std::vector<Named> all;
  for (const auto& [name, created] : found) all.push_back({name, created});
  return all;
}

Outcome<Answer> Buckets::create(const std::string& name) const {
  if (!is_bucket_name(name))
    return Failure{"InvalidBucketName", "The specified bucket is not valid.", 400};
  if (!settings_.s3.url.empty()) {
    TRY(ask(settings_.s3, {.method = "PUT", .path = "/" + http::encode_percent(name)}));
  } else {
    const auto made =
        world::make_directories(concat(settings_.directory, "/", name), directory_mode);
    if (!made) return Failure{"InternalError", made.error().text(), 500};
  }
  return Answer{{{"Location", "/" + name}}, {}};
}

}  // namespace pawl::objects
